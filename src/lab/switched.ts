import type { AgentHost } from "./host.js";
import { chooseCables } from "./cables.js";
import { layForwarder } from "./forwarder.js";
import { type Making, networkLines } from "./making.js";
import { layNetem } from "./netem.js";
import type { Cables, Lab } from "./types.js";
import {
  addressesIn,
  addressesOfOthers,
  card,
  cardLines,
  longCableLines,
  netsOf,
  openPortLines,
  silentLine,
} from "./wiring.js";

/** Lives as long as the lab, and is no host of it: nobody speaks to it. */
const SWITCH = " switch";

/** Any hosts on one switch, a bridge in a namespace of its own. @param names `client` and `server` among them */
export async function openSwitched(making: Making, names: readonly string[]): Promise<Lab> {
  const { holder } = making;
  const started: Record<string, AgentHost> = await making.start({ ...addressesOf(making, names), [SWITCH]: [] });
  const { [SWITCH]: bridge, ...hosts } = started;
  const all = Object.values(hosts);
  await holder.finish(
    all.map((host, at) => `link add eth0 netns ${host.pid} type veth peer name port${at} netns ${bridge!.pid}`),
  );
  const ports = all.map((_, at) => `port${at}`);
  const { links, linksBy } = making.plan;
  const by = links === undefined ? null : await chooseCables(bridge!, linksBy!, { links, hosts: all.length });
  await Promise.all([
    bridge!.wire(by === "forwarder" ? openPortLines(ports) : bridgeLines("switch", ports), []),
    ...all.map((host) => {
      const others = all.filter((other) => other !== host);
      const eth0 = card(
        "eth0",
        host.address,
        others.map(({ address }) => address),
      );
      const wholeFrames = by === null ? [] : longCableLines(eth0);
      return host.wire([...wholeFrames, ...cardLines(eth0), silentLine(eth0), ...networkLines(host, others)], [eth0]);
    }),
  ]);
  await bridge!.untilPortsForward();
  return making.finish(hosts, { cables: await layCables(by, making, hosts, bridge!) });
}

function layCables(
  by: Cables["by"] | null,
  { plan, acquired }: Making,
  hosts: Readonly<Record<string, AgentHost>>,
  between: AgentHost,
): Promise<Cables> | null {
  if (by === null) return null;
  const all = new Map(Object.entries(hosts));
  return by === "netem"
    ? layNetem(all, plan.links!)
    : layForwarder(between, { hosts: all, links: plan.links!, onLost: acquired.onLost });
}

/** Without snooping it would join a multicast group, and say so on the wire (net/bridge/br_multicast.c). */
export function bridgeLines(name: string, ports: readonly string[]): string[] {
  return [
    `link add ${name} type bridge mcast_snooping 0`,
    ...ports.flatMap((port) => [`link set ${port} master ${name}`, `link set ${port} up`]),
    `link set ${name} up`,
  ];
}

function addressesOf({ plan }: Making, names: readonly string[]): Record<string, string[]> {
  const others = names.filter((name) => name !== "client" && name !== "server");
  const ofOthers = addressesOfOthers(others.length, plan.family);
  const nets = netsOf(plan);
  return {
    client: addressesIn(nets.client, plan.addresses.client),
    server: addressesIn(nets.server, plan.addresses.server),
    ...Object.fromEntries(others.map((name, at) => [name, [ofOthers[at]!]])),
  };
}
