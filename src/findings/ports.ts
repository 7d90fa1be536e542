import type { NamedLink } from "../links/named.js";
import type { Variant } from "../scenario/types.js";
import { kernelOf, portErrors } from "./hops.js";
import type { Load } from "./loads.js";
import { largest, hostsOf } from "./overflows.js";
import type { Sighting } from "./sighting.js";
import type { MeasuredTrial } from "./types.js";

/** Ports held, of those that a host has towards one listener: connect() begins to fail before the last one is taken. */
const PORTS_HELD = 0.99;
/** The same where requests failed, and those that were under way may have held the rest; and when they are scarce. */
const PORTS_NEARLY_HELD = 0.9;
/** Connections that a NAT tracks, of its ports; entries are collected late, and some ports are free for a moment only. */
const NAT_PORTS_HELD = 0.9;

/** Local ports that ran out, or nearly, on any link of a load. */
export function ports(load: Load, connections: number, trial: MeasuredTrial): Sighting[] {
  const refused = portErrors(load);
  const [own, ...others] = load.links;
  const underWay = (load.requests.failed ?? 0) > 0 ? connections : 0;
  const isFull = ({ link }: NamedLink): boolean =>
    link.ports.limit !== null && link.ports.limit > 0 && link.ports.used >= fullFrom(link.ports.limit, underWay);
  const ranOut = Object.keys(refused).length > 0;
  const full = load.links.filter((one) => isFull(one) || (one === own && ranOut));
  return [
    ...(own === undefined && ranOut ? [exhausted(undefined, load, refused, trial)] : []),
    ...full.map((one) => exhausted(one, load, one === own ? refused : {}, trial)),
    ...[own, ...others].filter((one) => one !== undefined && !full.includes(one)).flatMap((one) => scarce(one!, load)),
  ];
}

function exhausted(
  at: NamedLink | undefined,
  { step, requests: { failed, sent } }: Load,
  refused: Record<string, number>,
  trial: MeasuredTrial,
): Sighting {
  const link = { from: at?.from ?? "client", to: at?.to ?? "server" };
  const range = kernelOf(trial, link.from)?.localPorts ?? null;
  const size = at?.link.ports.limit ?? (range === null ? null : range.high - range.low + 1);
  const { low, high } = range ?? { low: null, high: null };
  const used = at?.link.ports.used ?? null;
  const figures = { used, ports: size, low, high, refused, failed, sent, synRetrans: null };
  return {
    code: "ports-exhausted",
    severity: failed === 0 ? "notice" : "problem",
    step,
    link,
    figures,
    size: failed ?? 0,
  };
}

/**
 * A table is read once a second, and does not show the moment in which the last port was taken: where requests failed,
 * those that were under way may have held what it shows as free.
 */
function fullFrom(limit: number, underWay: number): number {
  return underWay === 0
    ? PORTS_HELD * limit
    : Math.max(PORTS_NEARLY_HELD * limit, Math.min(PORTS_HELD * limit, limit - underWay));
}

/** connect() looks through those that are taken (net/ipv4/inet_hashtables.c, __inet_hash_connect): it gets slow before it fails. */
function scarce({ from, to, link: { ports: held } }: NamedLink, { step }: Load): Sighting[] {
  const { used, limit } = held;
  if (limit === null || limit === 0 || used < PORTS_NEARLY_HELD * limit) return [];
  return [
    { code: "ports-scarce", severity: "notice", step, link: { from, to }, figures: { used, ports: limit }, size: used },
  ];
}

/**
 * A NAT that finds no port for a new connection drops its SYN (net/netfilter/nf_nat_core.c, get_unique_tuple): about as many
 * are tracked as it has ports, and clients sent SYNs again.
 */
export function natExhausted(load: Load, trial: MeasuredTrial, { lab }: Variant): Sighting[] {
  const range = lab.nat?.ports ?? null;
  if (range === null) return [];
  const size = range.high - range.low + 1;
  const nat = hostsOf(trial, false).find(({ name }) => name === "nat");
  const tracked = largest(nat?.columns?.table.conntrack ?? []);
  const synRetrans = trial.kernel.client?.counters["TcpExt:TCPSynRetrans"] ?? 0;
  if (synRetrans === 0 || tracked < NAT_PORTS_HELD * size) return [];
  const { failed, sent } = load.requests;
  const figures = { used: Math.min(tracked, size), ports: size, ...range, refused: {}, failed, sent, synRetrans };
  const link = { from: "nat", to: load.links[0]?.to ?? "server" };
  return [{ code: "ports-exhausted", severity: "problem", step: load.step, link, figures, size: synRetrans }];
}
