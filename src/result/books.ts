import type { Measurement } from "./measurement.js";
import { countedOn, resets } from "./time-wait.js";
import type { BookLine } from "./types.js";

/**
 * The client's own count held against both kernels' and the server's. Without isolation the kernel counts strangers
 * too, and there is nothing to hold it against.
 */
export function booksOf(measurement: Measurement): BookLine[] {
  const client = countedOn(measurement, "client");
  const server = countedOn(measurement, "server");
  const { report, serverCount } = measurement;
  const lines: BookLine[] = [];
  if (serverCount !== null)
    lines.push(
      line(
        "requests",
        ["answers at the client", report.requests.succeeded],
        ["requests at the server", serverCount.requests],
        "requests that the server had counted and whose answer was lost, or came too late",
      ),
    );
  if (client === null || server === null || measurement.isolation === "none") return lines;
  const opened = (client["Tcp:ActiveOpens"] ?? 0) - (client["Tcp:AttemptFails"] ?? 0);
  lines.push(
    line(
      "connections opened",
      ["the client", report.connections.opened],
      ["the client's kernel (ActiveOpens − AttemptFails)", opened],
      "connections that were given up while they were being made",
    ),
    line(
      "connections accepted",
      ["the client's kernel (ActiveOpens − AttemptFails)", opened],
      ["the server's kernel (PassiveOpens)", server["Tcp:PassiveOpens"] ?? 0],
      (server["TcpExt:ListenOverflows"] ?? 0) > 0
        ? "the listen queue overflowed"
        : "connections reset in the handshake",
    ),
    line(
      "connections ended",
      ["opened − still open", opened - (client["Tcp:CurrEstab"] ?? 0)],
      ["TIME_WAIT at either side + resets", endings(measurement)],
      (server["TcpExt:TCPTimeWaitOverflow"] ?? client["TcpExt:TCPTimeWaitOverflow"] ?? 0) > 0
        ? "tcp_max_tw_buckets kept TIME_WAIT from being created"
        : "both sides closed at once, or closed connections are still in FIN_WAIT2",
    ),
  );
  return lines;
}

function endings(measurement: Measurement): number {
  const client = countedOn(measurement, "client") ?? {};
  const server = countedOn(measurement, "server") ?? {};
  const timeWait = measurement.shared
    ? (server["TcpExt:TW"] ?? 0)
    : (client["TcpExt:TW"] ?? 0) + (server["TcpExt:TW"] ?? 0);
  return timeWait + resets(measurement);
}

function line(name: string, left: [string, number], right: [string, number], reason: string): BookLine {
  const difference = left[1] - right[1];
  const balanced = difference === 0;
  return {
    name,
    left: { who: left[0], count: left[1] },
    right: { who: right[0], count: right[1] },
    difference,
    balanced,
    reason: balanced ? null : reason,
  };
}
