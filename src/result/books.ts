import { ROLES } from "../scenario/types.js";
import { stored } from "../words/stored.js";
import { known, line, type Reason } from "./book-line.js";
import { hopsOf } from "./links.js";
import { hostOf, type Measurement } from "./measurement.js";
import { areTheSame, countedOn, countsEntries, kernelOpened, meansResets, neverArrived, resets } from "./time-wait.js";
import { natPorts } from "./nat-ports.js";
import { requestsIn } from "./requests-in.js";
import type { BookLine } from "./types.js";

/** TIME_WAIT lasts 60 s by a constant of the kernel (include/net/tcp.h, TCP_TIMEWAIT_LEN). */
const TIME_WAIT_MS = 60_000;

/**
 * The client's own count held against both kernels' and the server's. Without isolation the kernel counts strangers
 * too, and only the server's count is left to hold it against.
 */
export function booksOf(measurement: Measurement): BookLine[] {
  if (measurement.isolation === "none") return [...requestLines(measurement), ...causesLine(measurement)];
  // Single sockets and several loads: only a trial of one load can be reckoned up from its beginning to its end.
  if (measurement.variant.phases.length > 0) return calibrationLines(measurement);
  if (!areTheSame(measurement) && !measurement.shared)
    return [
      ...calibrationLines(measurement),
      ...openedLine(measurement),
      ...requestLines(measurement),
      ...causesLine(measurement),
      ...linkLines(measurement),
    ];
  return [
    ...calibrationLines(measurement),
    ...openedLine(measurement),
    ...acceptedLine(measurement),
    ...requestLines(measurement),
    ...endingLines(measurement),
    ...causesLine(measurement),
    ...populationLines(measurement),
  ];
}

/** Whether the counter that all of this rests on counts what we take it to count. */
function calibrationLines(measurement: Measurement): BookLine[] {
  return (measurement.shared ? (["server"] as const) : ROLES).flatMap((role) => {
    const { calibration } = hostOf(measurement, role);
    if (calibration === null) return [];
    return line(
      stored("tw-calibrated", { role }),
      [stored("closes-made"), calibration.known],
      ["TcpExt:TW", calibration.counted],
      known(stored("tw-tells-expiries")),
    );
  });
}

function openedLine(measurement: Measurement): BookLine[] {
  const opened = kernelOpened(measurement);
  if (opened === null || countedOn(measurement, "server") === null) return [];
  return [
    line(
      stored("connections-opened"),
      [stored("the-client"), measurement.report.connections.opened],
      [stored("clients-kernel"), opened],
      reason(measurement, stored("given-up")),
    ),
  ];
}

function acceptedLine(measurement: Measurement): BookLine[] {
  const server = countedOn(measurement, "server");
  const opened = kernelOpened(measurement);
  if (server === null || opened === null) return [];
  return [
    line(
      stored("connections-accepted"),
      [stored("clients-kernel"), opened],
      [stored("servers-kernel"), server["Tcp:PassiveOpens"] ?? 0],
      reason(measurement, stored("reset-in-handshake")),
    ),
  ];
}

function requestLines(measurement: Measurement): BookLine[] {
  const { serverCount, report, variant } = measurement;
  if (serverCount === null) return [];
  const requests = requestsIn(report);
  if (requests === null) return claimLines(measurement, serverCount.requests);
  const { sent, succeeded } = requests;
  const keptOpen = variant.load.requestsPerConnection === null;
  return [
    line(
      stored("requests-sent"),
      [stored("on-open-connections"), sent - report.connections.failed],
      [stored("the-server"), serverCount.requests],
      reason(measurement, stored(keptOpen ? "requests-under-way" : "requests-on-closed")),
    ),
    line(
      stored("responses"),
      [stored("the-client"), succeeded],
      [stored("requests-at-server"), serverCount.requests],
      reason(measurement, stored("responses-lost")),
    ),
  ];
}

/** What a program says it made, held against what the server got. */
function claimLines({ report: { program } }: Measurement, served: number): BookLine[] {
  const claims = program?.claims ?? null;
  if (claims === null || claims.requests === null) return [];
  return [
    line(
      stored("requests"),
      [stored("program-says", { program: claims.tool }), claims.requests],
      [stored("the-server"), served],
      { possible: stored("requests-not-counted") },
    ),
  ];
}

/** Each connection ended for one cause. */
function causesLine({ report: { closings, connections } }: Measurement): BookLine[] {
  if (closings === undefined) return [];
  return [
    line(
      stored("by-cause"),
      [stored("seen-to-end"), sum(connections.closed)],
      [stored("all-causes"), sum(closings.causes)],
      known(stored("own-books-wrong")),
    ),
  ];
}

/** What is told of each link adds up to what the kernel counted over all of them. */
function linkLines(measurement: Measurement): BookLine[] {
  return hopsOf(measurement).books.flatMap(({ host, timeWait, opened }) => [
    line(
      stored("time-wait-of-links", { host }),
      [stored("its-tables"), timeWait.tables],
      ["TcpExt:TW", timeWait.kernel],
      reason(measurement, stored("in-no-table")),
    ),
    line(
      stored("made-by", { host }),
      [stored("all-links"), opened.links],
      ["ActiveOpens − AttemptFails", opened.kernel],
      reason(measurement, stored("reset-while-closing")),
    ),
  ]);
}

/** Each connection ends in exactly one of TIME_WAIT at the client, at the server, at both, or a reset. */
function endingLines(measurement: Measurement): BookLine[] {
  const client = countedOn(measurement, "client");
  const server = countedOn(measurement, "server");
  const opened = kernelOpened(measurement);
  if (client === null || server === null || opened === null || !ROLES.every((role) => countsEntries(measurement, role)))
    return [];
  const both = (counter: string): number => {
    const atServer = server[counter] ?? 0;
    return measurement.shared ? atServer : atServer + (client[counter] ?? 0);
  };
  const open = measurement.shared ? (client["Tcp:CurrEstab"] ?? 0) / 2 : (client["Tcp:CurrEstab"] ?? 0);
  const resetLater = countedAndReset(measurement);
  const timeWait = both("TcpExt:TW") + both("TcpExt:TCPTimeWaitOverflow") - resetLater;
  const ended = opened - open;
  const resetCount = resets(measurement);
  return [
    line(
      stored("connections-ended"),
      [stored("opened-less-open"), ended],
      [stored("ends-counted"), timeWait + resetCount],
      reason(measurement, stored(timeWait + resetCount > ended ? "closed-at-once" : "still-closing")),
    ),
  ];
}

/**
 * Sockets that `TcpExt:TW` counted in FIN_WAIT2, and that a reset ended there. Unless resets are meant, they are taken for
 * that only as far as the kernels show it: such a reset is counted by the end that was still open, and not by the one
 * that had closed (net/ipv4/tcp.c, tcp_set_state), while FINs that cross are no reset at either.
 */
function countedAndReset(measurement: Measurement): number {
  const missing = sum({ client: neverArrived(measurement, "client"), server: neverArrived(measurement, "server") });
  if (meansResets(measurement)) return neverArrived(measurement, "client");
  const [client = 0, server = 0] = ROLES.map((role) => countedOn(measurement, role)?.["Tcp:EstabResets"] ?? 0);
  return Math.min(missing, Math.abs(client - server));
}

/** created − recycled − reopened − expired = present, side by side, on hosts of their own. */
function populationLines(measurement: Measurement): BookLine[] {
  const { shared, report } = measurement;
  // Once the first has expired, how many have is only known to the kernel's timers.
  const expired = hostOf(measurement, "server").after.atMs - report.startedAtMs >= TIME_WAIT_MS;
  if (shared || expired) return [];
  return ROLES.flatMap((role) => {
    const counted = countedOn(measurement, role);
    const { before, after } = hostOf(measurement, role);
    const present = after.timeWait;
    if (counted === null || present === null || !countsEntries(measurement, role)) return [];
    const recycled = counted["TcpExt:TWRecycled"] ?? 0;
    const resetBefore = meansResets(measurement) ? neverArrived(measurement, role) : 0;
    const entered = (counted["TcpExt:TW"] ?? 0) - recycled - resetBefore;
    // A SYN that reopens a TIME_WAIT is counted nowhere by the kernel; the client's ports tell it: a port can hold one
    // TIME_WAIT at a time, so what was created beyond the ports in use was reopened.
    const { ports } = report.connections;
    // Where buckets ran out or resets came in between, who of a port is there cannot be told from outside.
    const disturbed = (counted["TcpExt:TCPTimeWaitOverflow"] ?? 0) > 0 || resets(measurement) > 0;
    if (role === "server" && (disturbed || (ports === null && entered > present))) return [];
    const reopened = role === "server" && ports !== null ? Math.max(0, entered - ports) : 0;
    const there = present - (before.timeWait ?? 0);
    const taken = role === "client" ? takenByResets(measurement, entered - there) : 0;
    const gone = taken > 0 ? (reopened > 0 ? "-both" : "-rst") : reopened > 0 ? "-reopened" : "";
    return [
      line(
        stored("time-wait-at", { role }),
        [stored(`created-less${gone}`), entered - reopened - taken],
        [stored("the-gauge"), there],
        reason(measurement, stored("reopened-or-reset")),
      ),
    ];
  });
}

/**
 * An ACK that two processors let arrive after the last one finds no socket any more, and is answered with a RST; unless
 * tcp_rfc1337 is set, that takes the TIME_WAIT away which it reaches (RFC 1337; net/ipv4/tcp_minisocks.c). Neither side
 * counts it as the reset of a connection, so it can only be told by the RSTs that were sent at all.
 */
function takenByResets(measurement: Measurement, missing: number): number {
  const server = countedOn(measurement, "server") ?? {};
  return Math.min(Math.max(0, missing), server["Tcp:OutRsts"] ?? 0);
}

/** What other figures show of the run explains all of its lines; only without any of it there is a guess, told as one. */
function reason(measurement: Measurement, possible: string): Reason {
  if (measurement.isolation === "none") return { possible };
  const overflows = countedOn(measurement, "server")?.["TcpExt:ListenOverflows"] ?? 0;
  if (overflows > 0) return known(stored("queue-overflowed", { times: overflows }));
  const nat = natPorts(measurement);
  if (nat !== null) return known(stored("nat-without-port", { ports: nat.ports }));
  return { possible };
}

function sum(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((total, count) => total + count, 0);
}
