import { withAddresses } from "../client/addresses.js";
import { startClient, type WaitingClient } from "../client/conduct.js";
import { isTold } from "../lab/placeholders.js";
import type { Action, Host, Lab, Observe } from "../lab/types.js";
import type { Variant } from "../scenario/types.js";
import { startBeside } from "../server/beside.js";
import { startServer } from "../server/start.js";
import type { RunningServer } from "../server/types.js";

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
}

/** Server and client start side by side: each is a process that takes its time to load. */
export async function prepare(variant: Variant, lab: Lab, observe: Observe): Promise<Prepared> {
  const target = {
    host: variant.server.kind === "external" ? variant.server.host : lab.front.address,
    port: variant.server.port,
  };
  const { client: host } = lab.hosts;
  const ready = (what: string, on: Host): Action => ({ host: on.name, what, command: null });
  const [server, client] = await Promise.all([
    observe(ready("make server ready", lab.hosts.server), () => startServing(variant, lab)),
    variant.phases.length > 0
      ? null
      : observe(ready("make client ready", host), () =>
          startClient(withAddresses(variant.load, host, lab.front), target, host),
        ),
  ]);
  return { server, client };
}

/** What the server needs, the server, then what needs it. */
async function startServing({ server: plan, lab: labPlan }: Variant, lab: Lab): Promise<RunningServer> {
  const before = await startBeside(labPlan, lab, "before-server");
  const server = await Promise.race([startServer(plan, lab.hosts.server, lab.all), before.died]);
  const after = await Promise.race([startBeside(labPlan, lab, "after-server"), before.died, server.died]);
  const died = Promise.race([before.died, server.died, after.died]);
  died.catch(() => {});
  return { ...server, died };
}
