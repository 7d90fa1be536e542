import type { LoadReport } from "../client/types.js";
import type { Lab } from "../lab/types.js";
import type { HostSnapshot, SampleMessage } from "../sampler/types.js";
import type { Figures } from "../scenario/phases/types.js";
import type { Role, Variant } from "../scenario/types.js";
import type { RunStatus } from "./types.js";

/** What was seen of a host that plays neither role. */
export interface OtherHost {
  before: HostSnapshot;
  after: HostSnapshot;
  samples: SampleMessage[];
  sysctls: Record<string, string>;
}

/** What one trial brought home, before any arithmetic. */
export interface Measurement {
  variant: Variant;
  order: number;
  status: RunStatus;
  isolation: "namespace" | "none";
  /** One host played both roles: `before`, `after` and `samples` of both are the same. */
  shared: boolean;
  clientName: string;
  serverName: string;
  /** null without isolation. */
  calibration: Lab["calibration"];
  report: LoadReport;
  before: Record<Role, HostSnapshot>;
  after: Record<Role, HostSnapshot>;
  samples: Record<Role, SampleMessage[]>;
  /** Hosts that play neither role, by name. */
  others: Readonly<Record<string, OtherHost>>;
  samplerFaults: string[];
  /** Names of processes in the snapshots' CPU times; null for a server that was not ours. */
  processIds: Record<Role, string | null>;
  /** The embedded server's own count over the load; null where the kind does not count. */
  serverCount: { requests: number; connections: number } | null;
  sysctls: Record<Role, Record<string, string>>;
  /** Of the variant's steps; empty without them. */
  figures: Figures;
}
