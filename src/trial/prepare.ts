import { withAddresses } from "../client/addresses.js";
import { startClient, type WaitingClient } from "../client/conduct.js";
import { isTold } from "../lab/placeholders.js";
import type { Action, Host, Lab, Observe } from "../lab/types.js";
import type { Variant } from "../scenario/types.js";
import { startBeside } from "../server/beside.js";
import { startServer } from "../server/start.js";
import type { Identity, RunningServer } from "../server/types.js";
import { identityFor, targetOf } from "./tls.js";

/**
 * Without a lab the TIME_WAIT of earlier trials and runs stays for its 60 s, and the port may be somebody else's: the
 * run takes one that nobody has.
 */
export async function onOwnPort(variant: Variant, { hosts, isolation }: Lab): Promise<Variant> {
  const { server } = variant;
  // A command that is not told its port has one of its own.
  const fixed = server.kind === "external" || (server.kind === "command" && !isTold(server, "port"));
  if (isolation === "namespace" || fixed) return variant;
  return { ...variant, server: { ...server, port: await hosts.server.quietPort(server.port) } };
}

export interface Prepared {
  server: RunningServer;
  /** null for a variant of steps: each load has a client of its own. */
  client: WaitingClient | null;
  /** What servers show over TLS; null where no load speaks it. */
  identity: Identity | null;
}

/** Server and client start side by side: each is a process that takes its time to load. */
export async function prepare(variant: Variant, lab: Lab, observe: Observe): Promise<Prepared> {
  const identity = identityFor(variant, lab);
  const host = variant.server.kind === "external" ? variant.server.host : lab.front.address;
  const target = targetOf(variant.load, { host, port: variant.server.port }, identity);
  const { client: from } = lab.hosts;
  const ready = (what: string, on: Host): Action => ({ host: on.name, what, command: null });
  const [server, client] = await Promise.all([
    observe(ready("make server ready", lab.hosts.server), () => startServing(variant, lab, identity)),
    variant.phases.length > 0
      ? null
      : observe(ready("make client ready", from), () =>
          startClient(withAddresses(variant.load, from, lab.front), target, from),
        ),
  ]);
  return { server, client, identity };
}

/** What the server needs, the server, then what needs it. */
async function startServing(
  { server: plan, lab: labPlan }: Variant,
  lab: Lab,
  identity: Identity | null,
): Promise<RunningServer> {
  const before = await startBeside(labPlan, lab, "before-server", identity);
  const server = await Promise.race([startServer(plan, lab.hosts.server, lab.all, identity), before.died]);
  const after = await Promise.race([startBeside(labPlan, lab, "after-server", identity), before.died, server.died]);
  const died = Promise.race([before.died, server.died, after.died]);
  died.catch(() => {});
  return { ...server, died };
}
