import { BenchError } from "../errors.js";
import type { NatPlan } from "../scenario/types.js";
import type { AgentHost } from "./host.js";
import { type Making, networkLines } from "./making.js";
import { bridgeLines } from "./switched.js";
import { runTool } from "./tool-on-host.js";
import { requireTools } from "./tools.js";
import type { Lab } from "./types.js";
import { addressesIn, card, cardLines, NETWORK, silentLine } from "./wiring.js";

/** Beyond what a role's own addresses fit into, and in the same network. */
const INSIDE = `${NETWORK.client}.128.254`;
const OUTSIDE = `${NETWORK.server}.128.254`;
const PREFIX_BITS = 16;

/**
 * Clients on one network, the server on another, and between them a host that forwards: the server sees its address
 * alone, and knows no way to theirs.
 */
export async function openNat(making: Making, nat: NatPlan): Promise<Lab> {
  await requireTools(["nft"]);
  const { holder, plan } = making;
  const clientAddresses = addressesIn(NETWORK.client, nat.clients.length);
  const hosts: Record<string, AgentHost> = await making.start({
    ...Object.fromEntries(nat.clients.map((name, at) => [name, [clientAddresses[at]!]])),
    nat: [OUTSIDE, INSIDE],
    server: addressesIn(NETWORK.server, plan.addresses.server),
  });
  const router = hosts["nat"]!;
  const server = hosts["server"]!;
  const clients = nat.clients.map((name) => hosts[name]!);
  await holder.finish([
    ...clients.map(({ pid }, at) => `link add eth0 netns ${pid} type veth peer name port${at} netns ${router.pid}`),
    `link add eth0 netns ${server.pid} type veth peer name eth0 netns ${router.pid}`,
  ]);

  const lan = card("lan", INSIDE, clientAddresses);
  const wan = card("eth0", OUTSIDE, [server.address]);
  await Promise.all([
    router.wire(
      [
        ...bridgeLines(
          "lan",
          clients.map((_, at) => `port${at}`),
        ),
        ...cardLines(lan, PREFIX_BITS),
        ...cardLines(wan, PREFIX_BITS),
        silentLine(wan),
        ...networkLines(null, [server]),
      ],
      [lan, wan],
    ),
    ...clients.map((client) => {
      const others = clientAddresses.filter((address) => address !== client.address);
      const eth0 = card("eth0", client.address, [INSIDE, ...others]);
      const toServer = `route add ${NETWORK.server}.0.0/${PREFIX_BITS} via ${INSIDE}`;
      return client.wire([...cardLines(eth0, PREFIX_BITS), silentLine(eth0), toServer], [eth0]);
    }),
    (() => {
      const eth0 = card("eth0", server.address, [OUTSIDE]);
      return server.wire([...cardLines(eth0, PREFIX_BITS), silentLine(eth0), ...networkLines(server, [])], [eth0]);
    })(),
  ]);
  await router.untilPortsForward();
  const lab = await making.finish(hosts, { forced: { nat: { "net.ipv4.ip_forward": "1" } } });
  // After the calibration, whose connection must not be tracked.
  await masquerade(router, nat);
  return lab;
}

async function masquerade(router: AgentHost, { ports }: NatPlan): Promise<void> {
  const chain = "ip nat behind";
  const rules = [
    "add table ip nat",
    `add chain ${chain} { type nat hook postrouting priority 100; }`,
    ...(ports === null
      ? []
      : [`add rule ${chain} oifname eth0 meta l4proto tcp masquerade to :${ports.low}-${ports.high}`]),
    `add rule ${chain} oifname eth0 masquerade`,
  ];
  const { lack } = await runTool(router, "nft", [rules.join("\n")]);
  if (lack !== null) throw notSetUp(lack);
}

function notSetUp(cause: string): BenchError {
  return new BenchError(
    "lab-failed",
    `the NAT could not be set up: ${cause}`,
    "The kernel needs nf_tables with masquerading (CONFIG_NFT_MASQ); run `bench doctor`.",
  );
}
