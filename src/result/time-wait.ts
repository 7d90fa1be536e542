import type { Counters, GaugeSample, TableSample } from "../sampler/types.js";
import { misleadsGauge } from "../links/lasting.js";
import { ROLES, type Role } from "../scenario/types.js";
import { difference } from "../stats/difference.js";
import { hopsOf } from "./links.js";
import { hostOf, type Measurement } from "./measurement.js";
import type { Metrics, TimeWaitFigures } from "./types.js";

/** What a kernel counted between the two snapshots; null where there is none to read. */
export function countedOn(measurement: Measurement, role: Role): Counters | null {
  const { before, after } = hostOf(measurement, role);
  return before.counters === null || after.counters === null ? null : difference(before.counters, after.counters);
}

export function gauges(measurement: Measurement, role: Role): GaugeSample[] {
  return hostOf(measurement, role).samples.filter((sample) => sample.kind === "gauge");
}

export function tables(measurement: Measurement, role: Role): TableSample[] {
  return hostOf(measurement, role).samples.filter((sample) => sample.kind === "table");
}

/** Whether this side's `TcpExt:TW` counts sockets that enter TIME_WAIT, by the calibration of its host. */
export function countsEntries(measurement: Measurement, role: Role): boolean {
  const { calibration } = hostOf(measurement, role);
  return calibration !== null && calibration.counted === calibration.known;
}

/** Connections that the client's kernel opened; null where there is none to read. */
export function kernelOpened(measurement: Measurement): number | null {
  const counted = countedOn(measurement, "client");
  if (counted === null) return null;
  const { connections, errorsByCall } = measurement.report;
  const begun = (counted["Tcp:ActiveOpens"] ?? 0) - (counted["Tcp:AttemptFails"] ?? 0);
  // What a client gives up by its own clock is in no counter of failures (net/ipv4/tcp.c, __tcp_close).
  const givenUp = Math.min(errorsByCall?.["connect ETIMEDOUT"] ?? 0, Math.max(0, begun - connections.opened));
  return begun - givenUp;
}

/**
 * TIME_WAIT of the load's own connections, by role. Where they are all that a host has, its counters and its gauge are
 * exact; else tables of states tell them from those of other links. Without a table it is what the client saw.
 */
export function timeWaitFigures(measurement: Measurement): Record<Role, TimeWaitFigures> | null {
  if (countedOn(measurement, "server") === null) return null;
  const { own, alone } = hopsOf(measurement);
  const side = (role: Role): TimeWaitFigures => {
    if (alone[role] && !stillWaits(measurement, role)) return ownSide(measurement, role);
    const end = own?.timeWait[role === "client" ? "from" : "to"];
    return end ?? { created: measurement.report.connections.closed[role], ...inTables(measurement, role) };
  };
  return { client: side("client"), server: side("server") };
}

function ownSide(measurement: Measurement, role: Role): TimeWaitFigures {
  const { calibration, after } = hostOf(measurement, role);
  // What the calibration could not take away again is no socket of the run.
  const left = calibration?.left ?? 0;
  const end = Math.max(0, (after.timeWait ?? 0) - left);
  const created = countsEntries(measurement, role)
    ? (countedOn(measurement, role)?.["TcpExt:TW"] ?? 0) - neverArrived(measurement, role)
    : measurement.report.connections.closed[role];
  if (halfClosed(measurement, role)) return { created, ...inTables(measurement, role) };
  const peak = gauges(measurement, role).reduce((most, sample) => Math.max(most, sample.timeWait - left), end);
  return { created, peak, end };
}

/** What waits for a FIN at the end is in the kernel's counter and gauge, and is no TIME_WAIT. */
function stillWaits(measurement: Measurement, role: Role): boolean {
  return !measurement.shared && (tables(measurement, role).at(-1)?.sides[role].fin_wait2 ?? 0) > 0;
}

/** Whether this side's populations are those of its tables, since the gauge holds more than TIME_WAIT. */
export function isReadFromTables(measurement: Measurement, role: Role): boolean {
  return halfClosed(measurement, role) || stillWaits(measurement, role);
}

/**
 * The gauge `tw` and the counter `TcpExt:TW` hold orphaned FIN_WAIT2 as well (net/ipv4/tcp_minisocks.c,
 * tcp_time_wait): whether there was enough of it, by the tables, to make the gauge say something false.
 */
export function halfClosed(measurement: Measurement, role: Role): boolean {
  if (measurement.shared) return false;
  const finWait2 = tables(measurement, role).map(({ sides }) => sides[role].fin_wait2);
  const gauge = gauges(measurement, role).reduce((most, { timeWait }) => Math.max(most, timeWait), 0);
  return (
    // One a connection is the moment between two FINs, and nothing to speak of, unless it stays.
    finWait2.some((sockets) => sockets > measurement.variant.load.connections) ||
    misleadsGauge(finWait2, gauge) ||
    (neverArrived(measurement, role) > 0 && !meansResets(measurement))
  );
}

/** Connections are ended by resets as planned: told to, or closed with a response unread (RFC 2525, section 2.17). */
export function meansResets({ variant: { load } }: Measurement): boolean {
  return load.closer === "reset" || load.go?.drain === false;
}

/** Whether all that both hosts' kernels count is of the load's own connections. */
export function areTheSame(measurement: Measurement): boolean {
  const { alone } = hopsOf(measurement);
  return alone.client && alone.server;
}

/** Sockets that were counted in FIN_WAIT2 and ended by a reset before they came to TIME_WAIT (links/prevented.ts). */
export function neverArrived(measurement: Measurement, role: Role): number {
  if (measurement.shared || !areTheSame(measurement)) return 0;
  const totals = hopsOf(measurement).hosts?.[measurement.roles[role]];
  const counted = countedOn(measurement, role)?.["TcpExt:TW"] ?? 0;
  return totals === undefined ? 0 : counted - totals.timeWait.created;
}

function inTables(measurement: Measurement, role: Role): { peak: number; end: number } {
  const populations = tables(measurement, role).map((table) => table.sides[role].time_wait);
  return {
    peak: populations.reduce((peak, population) => Math.max(peak, population), 0),
    end: populations.at(-1) ?? 0,
  };
}

/** Sockets whose side closed first, and that the kernel ended without TIME_WAIT because of tcp_max_tw_buckets. */
function refused(measurement: Measurement, role: Role): number {
  return countsEntries(measurement, role) ? (countedOn(measurement, role)?.["TcpExt:TCPTimeWaitOverflow"] ?? 0) : 0;
}

/** Connections that a reset ended. */
export function resets(measurement: Measurement): number {
  const client = countedOn(measurement, "client");
  const server = countedOn(measurement, "server");
  if (measurement.shared || client === null || server === null || !areTheSame(measurement))
    return measurement.report.connections.closed.reset;
  // A reset is counted at the end that sends it from ESTABLISHED or CLOSE_WAIT and at the end that gets it there
  // (net/ipv4/tcp.c, tcp_set_state): at one or at both. What is known from elsewhere decides between the two.
  const atClient = client["Tcp:EstabResets"] ?? 0;
  const atServer = server["Tcp:EstabResets"] ?? 0;
  const opened = kernelOpened(measurement) ?? 0;
  const stillOpen = client["Tcp:CurrEstab"] ?? 0;
  const elsewhere = ROLES.reduce(
    (sum, role) => sum + (countedOn(measurement, role)?.["TcpExt:TW"] ?? 0) + refused(measurement, role),
    0,
  );
  const left = opened - stillOpen - elsewhere;
  return Math.min(atClient + atServer, Math.max(atClient, atServer, left));
}

/** Shares of the connections that ended; null when none did. */
export function closedFirst(measurement: Measurement): Metrics["closedFirst"] {
  const { own } = hopsOf(measurement);
  if (own !== null && !areTheSame(measurement))
    return (
      own.closedFirst && { client: own.closedFirst.from, server: own.closedFirst.to, reset: own.closedFirst.reset }
    );
  const figures = timeWaitFigures(measurement);
  const seen = measurement.report.connections.closed;
  const counts =
    measurement.shared || figures === null || !areTheSame(measurement)
      ? seen
      : {
          client: figures.client.created + refused(measurement, "client"),
          server: figures.server.created + refused(measurement, "server"),
          reset: resets(measurement),
        };
  const ended = counts.client + counts.server + counts.reset;
  if (ended === 0) return null;
  return { client: counts.client / ended, server: counts.server / ended, reset: counts.reset / ended };
}
