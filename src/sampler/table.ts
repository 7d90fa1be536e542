import { SocketCounts } from "./socket-counts.js";
import { NetlinkTable } from "./table-by-netlink.js";
import { readTextTable } from "./table-by-text.js";
import type { TableSample, TableSource } from "./types.js";

export interface WatchedPorts {
  /** Tells the sides of the run: local on the server's, remote on the client's. */
  serverPort: number;
  /** Further ports to count apart, such as a proxy's own. */
  otherPorts: readonly number[];
}

/** The table of states of this host, read by the best means that it offers. */
export interface Table {
  readonly source: TableSource;
  /**
   * Gives way every few milliseconds; `costMs` is the time spent reading. One reading at a time.
   * @throws when it cannot be read; the next reading may succeed again
   */
  read(): Promise<Pick<TableSample, "sides" | "ports"> & { costMs: number }>;
  close(): void;
}

/** sock_diag where it works, which is tried here and now; else the text of /proc/net. */
export async function openTable(ports: WatchedPorts): Promise<Table> {
  try {
    return await openNetlinkTable(ports);
  } catch {
    // No koffi for this platform, a kernel without tcp_diag, a sandbox that forbids netlink.
    return openTextTable(ports);
  }
}

/** @throws where it does not work */
export async function openNetlinkTable(ports: WatchedPorts): Promise<Table> {
  const netlink = await NetlinkTable.open([ports.serverPort, ...ports.otherPorts]);
  return { source: "netlink", read: counted(ports, (counts) => netlink.read(counts)), close: () => netlink.close() };
}

export function openTextTable(ports: WatchedPorts): Table {
  return { source: "proc", read: counted(ports, readTextTable), close: () => {} };
}

function counted({ serverPort, otherPorts }: WatchedPorts, read: (counts: SocketCounts) => Promise<number>) {
  return async (): ReturnType<Table["read"]> => {
    const counts = new SocketCounts(serverPort, otherPorts);
    const costMs = await read(counts);
    return { sides: counts.sides(), ports: counts.groups(), costMs };
  };
}
