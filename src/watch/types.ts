import type { HostSnapshot, Population, TableSource, TcpState } from "../sampler/types.js";

/** Whose ports they are: `client`: this end has connected; `server`: it has accepted; `unknown`: it cannot be told. */
export type WatchedSide = "client" | "server" | "unknown";

/** What a reading is asked for. */
export interface ReadRequest {
  /** Only sockets with one of these ports at either end; empty for all. */
  ports: number[];
  /** All that a recording keeps is read too, which takes a second look at the table. */
  records?: true;
}

/** What a recording keeps of one reading. */
export interface Kept {
  snapshot: HostSnapshot;
  source: TableSource;
  costMs: number;
  /** Of the namespace. */
  addresses: string[];
}

/** The readings of one namespace, in order; at least two. */
export interface HostRecord {
  /** As of hosts in a lab. */
  name: string;
  /** ISO 8601: of the first reading, whose own clock is the machine's monotonic one. */
  startedAt: string;
  everyMs: number;
  kept: readonly Kept[];
}

/** The sockets of one namespace that are the same end of connections with one peer, to one port. */
export interface SeenLink {
  side: WatchedSide;
  /** An address of this namespace: each has the range of local ports once. null where it does not matter. */
  local: string | null;
  /** The other end's address; null for all the others together. */
  peer: string | null;
  /** The port that is listened on; null for all the others together. */
  port: number | null;
  states: Partial<Record<TcpState, number>>;
  /** Local ports that connect() took, and that are not free again towards this peer and port; null for all others together. */
  portsHeld: number | null;
  /** By age in whole seconds: how many closed first so long ago, by what is in TIME_WAIT. Empty where none is. */
  closedAgo: number[];
  /** In CLOSE_WAIT for 10 s at least, as far as this watch has seen. */
  closeWaitStays: number;
  /** Of some of these sockets that a program has: see `ownersOf`. */
  inodes: number[];
}

/** An accept queue. */
export interface Listener {
  port: number;
  /** Connections that wait to be accepted, and how many may. */
  waiting: number;
  room: number;
  inode: number;
}

/** One reading of a namespace. */
export interface Seen {
  source: TableSource;
  /** Of a processor, all that the reading took. */
  costMs: number;
  /** Sockets that were read. */
  sockets: number;
  population: Population;
  /** Since the namespace began, by group and name: see `readCounters`. */
  counters: Record<string, number>;
  /** As the kernel writes them; without those that cannot be read from here. */
  sysctls: Record<string, string>;
  /** The ones with the most sockets first. */
  links: SeenLink[];
  /** The fullest first. Empty where queues cannot be read. */
  listeners: Listener[];
  /** By inode: whose socket it is. Without those that may not be known. */
  owners: Record<number, Owner>;
  /** Why something is not as it would be with more rights. */
  notes: Note[];
  /** Where it was asked for. */
  kept?: Kept;
}

/** `foreign`, `not-entered`: the text of /proc/PID/net is read in place of sock_diag. */
export type Note =
  | { code: "sock-diag"; cause: string }
  | { code: "foreign"; pid: number }
  | { code: "not-entered"; pid: number; cause: string }
  | { code: "no-forecast" };

export interface Owner {
  pid: number;
  /** As /proc/PID/comm has it. */
  name: string;
}

/** What is told of one link. */
export interface WatchedLink extends Omit<SeenLink, "inodes" | "closedAgo"> {
  /** Over the last 60 s, by this end. */
  closesPerSec: number;
  /** Of late: see `recentRate`. null where they have only just begun. */
  recentClosesPerSec: number | null;
  /** Both rates are at least so high: a TIME_WAIT that was taken over or reopened is not in the table any more. */
  isAtLeast: boolean;
  /** Of the side `client`; null elsewhere, for others together, and where the range is not known. */
  ports: PortsAhead | null;
  owner: Owner | null;
}

/** Milliseconds; `never`: not as it goes; null: not known, or not yet. */
export type Until = number | "never" | null;

/** Local ports towards one peer and port, and what comes if it goes on as of late. */
export interface PortsAhead {
  used: number;
  limit: number;
  /** Until half of them are held, and connect() has to look at the other parity. */
  slowInMs: Until;
  /** Until none is free. */
  emptyInMs: Until;
}

/** The namespace at one moment, as `bench watch --format json` prints it. */
export interface WatchView {
  schemaVersion: 1;
  /** ISO 8601. */
  at: string;
  namespace: { pid: number | null; netns: string | null };
  source: TableSource;
  sockets: number;
  readMs: number;
  /** Until the next reading, which a large table makes longer. */
  everyMs: number;
  population: { timeWait: number; established: number };
  /** Since the reading before; null in the first one. */
  since: Since | null;
  totals: { timeWaitCreated: number; timeWaitOverflow: number; listenOverflows: number };
  portRange: { low: number; high: number; limit: number } | null;
  links: WatchedLink[];
  listeners: (Omit<Listener, "inode"> & { owner: Owner | null })[];
  findings: WatchFinding[];
  notes: string[];
}

/** What the kernel's counters say of the time between two readings. */
export interface Since {
  ms: number;
  /** Connections opened a second, by connect() and by accept(). */
  madePerSec: number;
  acceptedPerSec: number;
  /** Closes that left a TIME_WAIT here, a second. */
  timeWaitPerSec: number;
  recycled: number;
  timeWaitOverflows: number;
  listenOverflows: number;
  listenDrops: number;
  /** Connections that ended by a RST. */
  resets: number;
  /** TIME_WAIT sockets of that time that the reading found, of those that were created; null where none was. */
  accountedRatio: number | null;
}

/** As in a result, without a variant. */
export interface WatchFinding {
  code: string;
  severity: "problem" | "notice" | "fact";
  text: string;
  remedy: string | null;
  source: string | null;
}
