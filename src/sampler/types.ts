import type { Role, TcpState } from "../scenario/types.js";

export { TCP_STATES, type TcpState } from "../scenario/types.js";

/** All times are the machine's monotonic clock in milliseconds: one clock for every process, in or out of a lab. */

/** The O(1) gauge and counters: /proc/net/sockstat, snmp, netstat. */
export interface GaugeSample {
  kind: "gauge";
  atMs: number;
  costUs: number;
  /** How much later than planned the reading began: up to 4 ms are the kernel's to choose (thread.ts, SLACK_SHARE). */
  lateMs: number;
  /** `tw` of sockstat: IPv4 and IPv6, TIME_WAIT and orphaned FIN_WAIT2. */
  timeWait: number;
  /** `Tcp:CurrEstab`: ESTABLISHED or CLOSE_WAIT. null where counters were not read: see `Gauge`. */
  established: number | null;
  /** `TcpExt:TW` since the host began. null where counters were not read. */
  timeWaitCreated: number | null;
}

/** What the kernel keeps count of, so that it need not be counted: /proc/net/sockstat, sockstat6, snmp. */
export interface Population {
  /** `tw` of sockstat: IPv4 and IPv6, TIME_WAIT and orphaned FIN_WAIT2. */
  timeWait: number;
  /** `Tcp:CurrEstab`: ESTABLISHED or CLOSE_WAIT. */
  established: number;
  /** `inuse`: whole sockets of all other states, listeners among them; neither TIME_WAIT nor SYN_RECV. */
  inUse: { ipv4: number; ipv6: number };
  costUs: number;
}

/** How the table of states is read: sock_diag over netlink, or the text of /proc/net/tcp and tcp6. */
export type TableSource = "netlink" | "proc";

/** The whole table of states, IPv4 and IPv6. */
export interface TableSample {
  kind: "table";
  atMs: number;
  costUs: number;
  source: TableSource;
  /** By the role whose end of the load's own connections the socket is: those with the server's port at either end. */
  sides: Record<Role, Record<TcpState, number>>;
  /** Every socket of the host, by what it belongs to. */
  ends: LinkEnd[];
  /** Absent where the kernel has no connection tracking; there may be some, and nothing that asks for it. */
  conntrack?: ConntrackSample;
}

/** What the kernel tracks for netfilter's rules and NAT, whether or not it has a socket for it. */
export interface ConntrackSample {
  /** All entries, of any protocol. */
  count: number;
  /** Those of TCP in the entry's TIME_WAIT; null where they were not looked through, which costs by their number. */
  timeWait: number | null;
  /** What looking through them cost. */
  costUs: number;
}

/** Sockets of one host that are the same end of connections between the same two addresses, to the same listener. */
export interface LinkEnd {
  /** `from`: this host connected, `to`: it accepted, or listens. */
  end: "from" | "to";
  /** The listener's: local at the end `to`, remote at the end `from`. */
  port: number;
  /** Its own address, and that of the peer: `198.18.0.1`. IPv4 that IPv6 carries is told as IPv4. */
  local: string;
  remote: string;
  /** Only states that some socket is in. */
  states: Partial<Record<TcpState, number>>;
  /** The shortest and the longest time that those in TIME_WAIT still have; null where there are none. */
  timeWaitLeftMs: { min: number; max: number } | null;
  /** Those among them that entered TIME_WAIT after the reading before began, by the time that each has left of its 60 s. */
  timeWaitBorn: number;
}

export type SampleMessage = GaugeSample | TableSample;

/** Counters by the kernel's names with their group: `Tcp:ActiveOpens`. */
export type Counters = Record<string, number>;

/** Of a process and its descendants. */
export interface ProcessTimes {
  userMs: number;
  systemMs: number;
  /** For which threads that are there were ready to run and waited for a processor; null where the kernel does not tell. */
  waitMs: number | null;
}

export interface HostSnapshot {
  atMs: number;
  /** null where there is no /proc/net. */
  counters: Counters | null;
  /** Population in TIME_WAIT by the gauge; null where there is no /proc/net. */
  timeWait: number | null;
  /** Every socket of the host, by what it belongs to; null where no table can be read. */
  ends: LinkEnd[] | null;
  /** By the id of the process: it and its descendants. Absent where it cannot be read. */
  cpu: Record<string, ProcessTimes>;
  localPorts: { low: number; high: number } | null;
}
