/**
 * Lines of `ip -batch` that join hosts, and part them again. Pure.
 *
 * Who has which hardware address is written into every host and never asked for on the wire: a host that is cut off would
 * else be reported as unreachable after a few seconds (net/ipv4/arp.c, arp_error_report), where a peer on the other side
 * of a router would notice nothing but silence.
 */

/** 198.18.0.0/15 is set aside for benchmarks of network devices (RFC 2544, appendix C.2.2); it is parted among the hosts. */
export const NETWORK = { server: "198.18", client: "198.19" } as const;
/** Hosts that play no role have their addresses from here on, in the server's network. */
const OTHERS_FROM = 128;
const PREFIX_BITS = 15;
/** What each role's own addresses fit into: 10,000 of them, 250 to each network of 256. */
const ROLE_BITS = 17;

/** At these addresses nobody is: what is sent there is never answered, neither by RST nor by ICMP. */
export const SILENT_NETWORK = "198.19.240.0/20";
export const SILENT_ADDRESS = "198.19.240.1";
const SILENT_GATEWAY = "198.19.239.254";
/** No card has it: a frame with it passes the cable, and the host that it comes to drops it without a word (ip_rcv_core). */
const NOBODY = "02:ff:ff:ff:ff:ff";

export interface Neighbour {
  address: string;
  hardware: string;
}

/** One end of a cable. */
export interface Card extends Neighbour {
  device: string;
  /** Those who are on the same cable or switch. */
  neighbours: readonly Neighbour[];
}

/** @param others the first addresses of those on the same cable or switch */
export function card(device: string, address: string, others: readonly string[]): Card {
  return {
    device,
    address,
    hardware: hardwareOf(address),
    neighbours: others.map((other) => ({ address: other, hardware: hardwareOf(other) })),
  };
}

/** Puts the card into service, with its address and its neighbours. */
export function cardLines(own: Card, bits = PREFIX_BITS): string[] {
  return [
    `link set ${own.device} address ${own.hardware}`,
    `address add ${own.address}/${bits} dev ${own.device}`,
    `link set ${own.device} up`,
    ...neighbourLines(own),
  ];
}

/**
 * A cable with a length carries frames one by one: the card is never given several segments at once to part them
 * (net/ipv4/tcp_output.c, tcp_tso_segs), of which one alone could not be lost. And none goes over it of its own accord.
 */
export function longCableLines({ device }: Card): string[] {
  return [`link set ${device} gso_max_segs 1`, quietLine(device)];
}

/** IPv6 gives it no address, for which it would look for neighbours and routers. */
function quietLine(device: string): string {
  return `link set ${device} addrgenmode none`;
}

/** Ends of cables of which a process takes the frames: up, and without a word of their own. */
export function openPortLines(ports: readonly string[]): string[] {
  return ports.flatMap((port) => [quietLine(port), `link set ${port} up`]);
}

/** The way to the network at which nobody is. */
export function silentLine({ device }: Card): string {
  return `route add ${SILENT_NETWORK} via ${SILENT_GATEWAY} dev ${device} onlink`;
}

/**
 * A host with many addresses has only the first of them on its card. The whole network is made local on itself
 * (ip-route(8), type local) and routed by way of that first address on all others, so that thousands of addresses cost
 * three routes, and one entry in the table of neighbours.
 */
export function ownNetworkLine(address: string): string {
  return `route add local ${networkOf(address)} dev lo`;
}

export function networkRouteLine(address: string, via = address): string {
  return `route add ${networkOf(address)} via ${via}`;
}

/**
 * As if the cable were pulled somewhere behind the next router: no card loses its carrier, no route goes. What the host
 * sends is for a card that nobody has, and what it is sent is for one that it no longer has.
 */
export function unplugLines(own: Card): string[] {
  const toNobody = neighbourLines({
    ...own,
    neighbours: own.neighbours.map(({ address }) => ({ address, hardware: NOBODY })),
  });
  // The new address of its own makes the kernel forget all neighbours (neigh_changeaddr).
  return [...toNobody, `link set ${own.device} address ${own.hardware.replace(/^02:00/, "02:fe")}`, ...toNobody];
}

export function plugLines(own: Card): string[] {
  return [`link set ${own.device} address ${own.hardware}`, ...neighbourLines(own)];
}

/** The `count` first addresses of a network such as `198.18`. */
export function addressesIn(network: string, count: number, third = 0): string[] {
  return Array.from({ length: count }, (_, at) => `${network}.${third + Math.floor(at / 250)}.${(at % 250) + 1}`);
}

export function addressesOfOthers(count: number): string[] {
  return addressesIn(NETWORK.server, count, OTHERS_FROM);
}

function neighbourLines({ device, neighbours }: Card): string[] {
  const known = [...neighbours, { address: SILENT_GATEWAY, hardware: NOBODY }];
  return known.map(
    ({ address, hardware }) => `neighbour replace ${address} lladdr ${hardware} nud permanent dev ${device}`,
  );
}

/** Locally administered, and told from the address. */
export function hardwareOf(address: string): string {
  const bytes = address.split(".").map((part) => Number(part).toString(16).padStart(2, "0"));
  return ["02", "00", ...bytes].join(":");
}

function networkOf(address: string): string {
  return `${address.split(".", 2).join(".")}.0.0/${ROLE_BITS}`;
}
