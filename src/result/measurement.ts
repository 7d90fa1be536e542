import type { LoadReport } from "../client/types.js";
import type { Calibration } from "../lab/types.js";
import type { HostSnapshot, SampleMessage } from "../sampler/types.js";
import type { Figures } from "../scenario/phases/types.js";
import type { Role, Variant } from "../scenario/types.js";
import type { RunStatus, Sampling, TrialCables } from "./types.js";

/** What was seen of one host of the lab, whatever it does there. */
export interface HostMeasurement {
  addresses: readonly string[];
  before: HostSnapshot;
  after: HostSnapshot;
  samples: SampleMessage[];
  /** The sampling that ran. */
  sampling: Sampling;
  /** As read before the load. */
  sysctls: Record<string, string>;
  /** null without isolation. */
  calibration: Calibration | null;
}

/** What one trial brought home, before any arithmetic. */
export interface Measurement {
  variant: Variant;
  order: number;
  status: RunStatus;
  isolation: "namespace" | "none";
  /** Every host of the lab by its name, each once. */
  hosts: Readonly<Record<string, HostMeasurement>>;
  /** The names of those that play the roles: of a load among steps, whom it goes from and to. */
  roles: Readonly<Record<Role, string>>;
  /** Whom the load's own connections go to: the server, or the proxy before it; the name of a host, and its port. */
  target: { host: string; port: number };
  /** One host plays both roles. */
  shared: boolean;
  clientName: string;
  serverName: string;
  report: LoadReport;
  samplerFaults: string[];
  /** Names of processes in the snapshots' CPU times; null for a server that was not ours. */
  processIds: Record<Role, string | null>;
  /** The embedded server's own count over the load; null where the kind does not count. */
  serverCount: ServerCounted | null;
  /** Of the variant's steps; empty without them. */
  figures: Figures;
  /** Those that were taken, in the order in which they began; none without steps. */
  steps?: readonly StepTimes[];
  /** What the cables did besides carrying; absent where they were plain ones, or did not say. */
  cables?: TrialCables;
}

export interface ServerCounted {
  requests: number;
  connections: number;
  /** Requests that met the fault of a server that misbehaves. Absent of others. */
  faults?: number;
  /** When the first and the last came, on the machine's clock; null: none did. Absent where it does not look. */
  requestedAtMs?: { first: number; last: number } | null;
}

/** When a step was taken, on the machine's clock. */
export interface StepTimes {
  step: string;
  does: string;
  beganAtMs: number;
  /** null: it was under way when the trial ended. */
  endedAtMs: number | null;
  /** Why it failed, in a sentence; null when it did not. */
  fault: string | null;
}

export function hostOf({ hosts, roles }: Measurement, role: Role): HostMeasurement {
  return hosts[roles[role]]!;
}

/** Those that play neither role, such as a NAT or a backend, by name. */
export function otherHosts({ hosts, roles }: Measurement): [name: string, host: HostMeasurement][] {
  return Object.entries(hosts).filter(([name]) => name !== roles.client && name !== roles.server);
}
