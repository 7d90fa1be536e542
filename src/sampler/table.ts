import { monotonicMs } from "../kernel/clock.js";
import { LinkEnds, Listeners } from "./link-ends.js";
import { readLocalPorts } from "./read.js";
import type { SocketSink } from "./socket-counts.js";
import { NetlinkTable } from "./table-by-netlink.js";
import { readTextTable } from "./table-by-text.js";
import type { LinkEnd, TableSource } from "./types.js";

/** Where the range of local ports cannot be read, no port tells who connected. */
const ALL_PORTS = { low: 1, high: 65_535 };

/** The table of states of this host, read by the best means that it offers. */
export interface Table {
  readonly source: TableSource;
  /**
   * Every socket, by what it belongs to. Gives way every few milliseconds; `costMs` is the time spent reading. One reading
   * at a time. @throws when it cannot be read; the next reading may succeed again
   */
  read(): Promise<{ ends: LinkEnd[]; costMs: number }>;
  close(): void;
}

/**
 * sock_diag where it works, which is tried here and now; else the text of /proc/net.
 * @param listening ports that are known to be listened on
 */
export async function openTable(listening: readonly number[] = []): Promise<Table> {
  try {
    return await openNetlinkTable(listening);
  } catch {
    // No koffi for this platform, a kernel without tcp_diag, a sandbox that forbids netlink.
    return openTextTable(listening);
  }
}

/** @throws where it does not work */
export async function openNetlinkTable(listening: readonly number[] = []): Promise<Table> {
  const netlink = await NetlinkTable.open([]);
  return { source: "netlink", read: counted(listening, (sink) => netlink.read(sink)), close: () => netlink.close() };
}

export function openTextTable(listening: readonly number[] = []): Table {
  return { source: "proc", read: counted(listening, readTextTable), close: () => {} };
}

/** Before the first reading everything counts as born: from the start of time. */
function counted(listening: readonly number[], read: (sink: SocketSink) => Promise<number>): Table["read"] {
  const listeners = new Listeners(readLocalPorts() ?? ALL_PORTS, listening);
  let sinceMs = -Infinity;
  return async () => {
    const beganMs = monotonicMs();
    const ends = new LinkEnds(listeners, sinceMs);
    const costMs = await read(ends);
    sinceMs = beganMs;
    return { ends: ends.ends(), costMs };
  };
}
