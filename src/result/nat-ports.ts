import { type Measurement, otherHosts } from "./measurement.js";
import { countedOn } from "./time-wait.js";

/** Ports taken, of those the NAT has; entries are collected late, and some ports are free for a moment only. */
const TAKEN = 0.9;

/**
 * What tells that a NAT had no port left for new connections: about as many tracked as it has ports, and SYNs that were
 * sent again. null where there is no such NAT, or nothing tells it.
 */
export function natPorts(measurement: Measurement): { ports: number; tracked: number; synRetrans: number } | null {
  const range = measurement.variant.lab.nat?.ports ?? null;
  if (measurement.isolation === "none" || range === null) return null;
  const ports = range.high - range.low + 1;
  const readings = otherHosts(measurement).flatMap(([, { samples }]) =>
    samples.map((sample) => (sample.kind === "table" ? (sample.conntrack?.count ?? 0) : 0)),
  );
  const tracked = readings.reduce((most, count) => Math.max(most, count), 0);
  const synRetrans = countedOn(measurement, "client")?.["TcpExt:TCPSynRetrans"] ?? 0;
  return synRetrans > 0 && tracked >= TAKEN * ports ? { ports, tracked, synRetrans } : null;
}
