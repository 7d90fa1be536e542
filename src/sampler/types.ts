import type { Role } from "../scenario/types.js";

/** All times are the machine's monotonic clock in milliseconds: one clock for every process, in or out of a lab. */

/** The kernel's names (include/net/tcp_states.h) in lower snake case. */
export const TCP_STATES = [
  "established",
  "syn_sent",
  "syn_recv",
  "fin_wait1",
  "fin_wait2",
  "time_wait",
  "close",
  "close_wait",
  "last_ack",
  "listen",
  "closing",
] as const;
export type TcpState = (typeof TCP_STATES)[number];

/** The O(1) gauge and counters: /proc/net/sockstat, snmp, netstat. */
export interface GaugeSample {
  kind: "gauge";
  atMs: number;
  costUs: number;
  /** How much later than planned the reading began. */
  lateMs: number;
  /** `tw` of sockstat: IPv4 and IPv6, TIME_WAIT and orphaned FIN_WAIT2. */
  timeWait: number;
  /** `Tcp:CurrEstab`: ESTABLISHED or CLOSE_WAIT. */
  established: number;
  /** `TcpExt:TW` since the host began. */
  timeWaitCreated: number;
}

/** The whole table of states: /proc/net/tcp and tcp6. */
export interface TableSample {
  kind: "table";
  atMs: number;
  costUs: number;
  /** By the side of the run that the socket is on; sockets without the server's port are left out. */
  sides: Record<Role, Record<TcpState, number>>;
}

export type SampleMessage = GaugeSample | TableSample;

/** Counters by the kernel's names with their group: `Tcp:ActiveOpens`. */
export type Counters = Record<string, number>;

export interface HostSnapshot {
  atMs: number;
  /** null where there is no /proc/net. */
  counters: Counters | null;
  /** Population in TIME_WAIT by the gauge; null where there is no /proc/net. */
  timeWait: number | null;
  /** By the id of the process: it and its descendants. Absent where it cannot be read. */
  cpu: Record<string, { userMs: number; systemMs: number }>;
  localPorts: { low: number; high: number } | null;
}
