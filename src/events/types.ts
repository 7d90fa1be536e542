import type { LoadProgress } from "../client/types.js";
import type { Action } from "../lab/types.js";
import type { Environment, RunResult, Trial, Warning } from "../result/types.js";
import type { SampleMessage } from "../sampler/types.js";
import type { Figures } from "../scenario/phases/types.js";
import type { Role, Scenario } from "../scenario/types.js";

/** What happens in a run, as it happens. Every view of a run that goes on, and its record, follows from these. */
export type RunEvent = Scope & {
  /** In milliseconds, on the one clock of all runs of a command; it starts with the first of them. */
  atMs: number;
} & Happening;

/** What an event belongs to. */
export interface Scope {
  /** The scenario's position among those that run, counted from 0: several may run side by side. */
  run: number;
  /** null for what concerns the run as a whole. */
  variant: string | null;
  /** Counted from 0, of that variant; null for what concerns the run as a whole. */
  trial: number | null;
}

export type Happening =
  | { type: "run"; scenario: Scenario; environment: Environment; trials: number }
  /** A trial begins. `order`: its position in the run. */
  | { type: "trial"; order: number }
  /** A host of the trial's lab stands. */
  | { type: "host"; host: string; addresses: readonly string[]; roles: readonly Role[] }
  /** Its settings as read before the load. `left`: sockets in TIME_WAIT that are no part of the run and cannot be taken away. */
  | { type: "settings"; host: string; sysctls: Readonly<Record<string, string>>; left: number }
  /** A step of the scenario, a load among them. */
  | ({ type: "step"; step: string; does: string } & (Begun | (Ended & { figures: Figures })))
  /** Anything that is done for the run, on a host or around it; parts are told beside the whole. */
  | ({ type: "action" } & Action & (Begun | Ended))
  /** Taken by a host's sampler at `atMs`; the sample's own `atMs` is on the machine's clock. */
  | { type: "sample"; host: string; sample: SampleMessage }
  | ({ type: "progress" } & LoadUnderWay)
  | { type: "warning"; warning: Warning }
  /** `soFar` has this trial, too; whoever passes events on may leave it out. */
  | { type: "trial-done"; figures: Trial; soFar: RunResult }
  | { type: "run-done"; result: RunResult };

interface Begun {
  state: "begun";
}

interface Ended {
  state: "ended";
  tookMs: number;
  /** Why it failed, in a sentence; null when it did not. */
  fault: string | null;
}

export interface LoadUnderWay extends Omit<LoadProgress, "failed" | "connections"> {
  /** null where it is not known: no document says how many there were while its load went on. */
  failed: number | null;
  connections: number | null;
  /** The step that it is; null for the one load of a trial without steps. */
  step: string | null;
  /** How long that load is meant to last. */
  durationMs: number;
  /** The newest populations; null where none was read yet. */
  timeWait: Record<Role, number | null>;
}

/** What it returns is waited for before the next trial begins. */
export type Subscriber = (event: RunEvent) => void | Promise<void>;
