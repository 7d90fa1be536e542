import type { HostTotals, Links, TimeWaitFigures } from "../metrics/table.js";
import type { HostSnapshot, TableSample } from "../sampler/types.js";

export type { HostTotals, Links, TimeWaitFigures };
export type Link = Links[string][string];

/** What the tables tell of all links of one host, against what its kernel counted. */
export interface HostBooks {
  host: string;
  timeWait: { tables: number; kernel: number };
  opened: { links: number; kernel: number };
}

/** One host, as it was seen over a load. */
export interface HostView {
  name: string;
  addresses: readonly string[];
  before: HostSnapshot;
  after: HostSnapshot;
  /** Readings of its table between the two, in order. */
  tables: readonly TableSample[];
  /** The most sockets in TIME_WAIT by the gauge, between the two. */
  gaugePeak: number;
  /** Sockets in TIME_WAIT that were there before anything began. */
  left: number;
  /** Whether its `TcpExt:TW` counts sockets that enter TIME_WAIT (the calibration tells). */
  countsEntries: boolean;
  /** false without isolation: its counters and its table hold strangers' connections too. */
  alone: boolean;
  /** How many local ports connect() may take; null where it was not read. */
  portLimit: number | null;
}

/** The load's own connections, as its client saw them. */
export interface OwnLink {
  from: string;
  to: string;
  port: number;
  opened: number;
  /** Those that ended in a reset. */
  reset: number;
  /** Requests; null where nobody counted them. */
  sent: number | null;
}

/** Where connections go and come from. */
export interface Plan {
  hosts: readonly HostView[];
  own: OwnLink;
  /** The port that each host is planned to listen on; the others are told with their number. */
  ports: Readonly<Record<string, readonly number[]>>;
  /** Hosts that are seen under the address of another one (NAT), by that one's name. */
  behind: Readonly<Record<string, readonly string[]>>;
  /** One host plays both roles: own connections go from the client to the server, all others from the server to itself. */
  shared: boolean;
}
