/**
 * Lines of `ip -batch` that join hosts, and part them again. Pure.
 *
 * Who has which hardware address is written into every host and never asked for on the wire: a host that is cut off would
 * else be reported as unreachable after a few seconds (net/ipv4/arp.c, arp_error_report), where a peer on the other side
 * of a router would notice nothing but silence.
 */

export type Family = "ipv4" | "ipv6";

interface Net {
  /** Each role's own addresses, and those of hosts that play none. */
  server: string;
  client: string;
  others: string;
  /** Of all of them together. */
  bits: number;
  /** At these addresses nobody is: what is sent there is never answered, neither by RST nor by ICMP. */
  silentNetwork: string;
  silentAddress: string;
  silentGateway: string;
}

/**
 * 198.18.0.0/15 and 2001:2::/48 are set aside for benchmarks of network devices (RFC 2544, appendix C.2.2; RFC 5180, section
 * 8); they are parted among the hosts.
 */
const NETS: Readonly<Record<Family, Net>> = {
  ipv4: {
    server: "198.18",
    client: "198.19",
    others: "198.18",
    bits: 15,
    silentNetwork: "198.19.240.0/20",
    silentAddress: "198.19.240.1",
    silentGateway: "198.19.239.254",
  },
  ipv6: {
    server: "2001:2:0:18",
    client: "2001:2:0:19",
    others: "2001:2:0:28",
    bits: 48,
    silentNetwork: "2001:2:0:f0::/64",
    silentAddress: "2001:2:0:f0::1",
    silentGateway: "2001:2:0:ff::1",
  },
};
export const NETWORK = NETS.ipv4;
/** Hosts that play no role have their IPv4 addresses from here on, in the server's network. */
const OTHERS_FROM = 128;
/** What each role's own IPv4 addresses fit into: 10,000 of them, 250 to each network of 256. */
const ROLE_BITS = 17;
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
export function cardLines(own: Card, bits = netOf(own.address).bits): string[] {
  // Nobody else has it, which IPv6 would first make sure of.
  const isNew = familyOf(own.address) === "ipv6" ? [quietLine(own.device)] : [];
  const nodad = familyOf(own.address) === "ipv6" ? " nodad" : "";
  return [
    ...isNew,
    `link set ${own.device} address ${own.hardware}`,
    `address add ${own.address}/${bits} dev ${own.device}${nodad}`,
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
export function silentLine({ device, address }: Card): string {
  const { silentNetwork, silentGateway } = netOf(address);
  return `route add ${silentNetwork} via ${silentGateway} dev ${device} onlink`;
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

/** The `count` first addresses of a network such as `198.18` or `2001:2:0:18`. */
export function addressesIn(network: string, count: number, third = 0): string[] {
  if (familyOf(network) === "ipv6")
    return Array.from({ length: count }, (_, at) => `${network}::${(at + 1).toString(16)}`);
  return Array.from({ length: count }, (_, at) => `${network}.${third + Math.floor(at / 250)}.${(at % 250) + 1}`);
}

export function addressesOfOthers(count: number, family: Family = "ipv4"): string[] {
  return addressesIn(NETS[family].others, count, OTHERS_FROM);
}

/** The networks of a lab. */
export function netsOf({ family = "ipv4" }: { family?: Family | undefined }): Net {
  return NETS[family];
}

/** That of an address of a lab. */
function netOf(address: string): Net {
  return NETS[familyOf(address)];
}

/** Of an address, or of the beginning of one. */
export function familyOf(address: string): Family {
  return address.includes(":") ? "ipv6" : "ipv4";
}

function neighbourLines({ device, address, neighbours }: Card): string[] {
  const known = [...neighbours, { address: netOf(address).silentGateway, hardware: NOBODY }];
  return known.map((one) => `neighbour replace ${one.address} lladdr ${one.hardware} nud permanent dev ${device}`);
}

/** Locally administered, and told from the address: of one of IPv6 from what differs among hosts. */
export function hardwareOf(address: string): string {
  const bytes = familyOf(address) === "ipv4" ? address.split(".").map(Number) : hostBytesOf(address);
  return ["02", "00", ...bytes.map((byte) => byte.toString(16).padStart(2, "0"))].join(":");
}

/** `2001:2:0:18::1f` → 0x20, 0x18, 0x00, 0x1f. */
function hostBytesOf(address: string): number[] {
  const [network = "", host = ""] = address.split("::");
  const number = Number.parseInt(host, 16);
  return [0x20, Number.parseInt(network.split(":").at(-1) ?? "", 16), number >> 8, number & 255];
}

function networkOf(address: string): string {
  if (familyOf(address) === "ipv6") return `${address.split("::", 1)[0]}::/64`;
  return `${address.split(".", 2).join(".")}.0.0/${ROLE_BITS}`;
}
