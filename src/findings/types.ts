import type { Metrics } from "../metrics/table.js";
import type { Role, Variant } from "../scenario/types.js";
import type { Figures } from "../scenario/phases/types.js";
import type { FindingCode } from "./codes.js";
import type { FiguresOf } from "./figures.js";
import type { RemedyTexts } from "./remedies.js";

export type { FiguresOf } from "./figures.js";

/** `problem`: something failed, and a report says so first. `notice`: worth a look. `fact`: how it is. */
export type Severity = "problem" | "notice" | "fact";

/** Hosts by their names in the lab; `to` with a port where it is not the planned one. */
export interface LinkName {
  from: string;
  to: string;
}

/** Where it was found. */
export interface Place {
  variant: string;
  /** The step of the variant; null where it has none, or it concerns them all. */
  step: string | null;
  link: LinkName | null;
}

/** A sentence as data. */
export type Finding<Code extends FindingCode = FindingCode> = {
  [Each in Code]: Place & {
    code: Each;
    severity: Severity;
    /** Of the trial in the middle among those in which it was found. */
    figures: FiguresOf[Each];
    /** In how many of how many trials. */
    trials: { found: number; of: number };
    /** One sentence, without a full stop. */
    text: string;
    /** One clause; null where there is none. */
    remedy: string | null;
    /** Who says so: a documentation page, a file of the kernel's, an RFC. null without a remedy. */
    source: string | null;
  };
}[Code];

interface Entry<Code extends FindingCode> {
  /** When it is said, for the list in results/README.md. */
  when: string;
  text(figures: FiguresOf[Code], at: Place): string;
}

export type FindingTexts = { readonly [Code in FindingCode]: Entry<Code> };

/** All texts of one language. */
export interface Catalogue {
  readonly findings: FindingTexts;
  readonly remedies: RemedyTexts;
}

/** What is looked at of one trial. */
export interface MeasuredTrial extends Metrics {
  status: string;
  durationMs: number;
  figures: Figures;
  /** Absent in results of earlier versions. */
  addressPairs?: number;
  /** Of a program as the client, and what it says; absent where it was a client of ours. */
  program?: { exitCode: number | null; signal: string | null; stopped: string | null; output: string };
  claims?: FiguresOf["program-connections"]["says"];
  /** Absent where cables were plain ones. */
  cables?: { by: string; directions: readonly CableCounts[] };
  kernel: Readonly<Record<Role, KernelView | null>>;
  otherKernels?: Readonly<Record<string, KernelView>>;
  timeline: {
    client: HostColumns | null;
    server: HostColumns | null;
    others?: Readonly<Record<string, HostColumns>>;
  };
}

/** null: whatever carries frames does not count that. */
interface CableCounts {
  from: string;
  to: string;
  carried: number;
  lost: number;
  frames: number | null;
  duplicated: number | null;
  /** Absent from results of before it was counted. */
  missed?: number | null;
  overflowed: number | null;
  lateP50Us: number | null;
  lateP99Us: number | null;
}

export interface KernelView {
  counters: Readonly<Record<string, number>>;
  sysctls: Readonly<Record<string, string>>;
  localPorts: { low: number; high: number } | null;
}

export interface HostColumns {
  time_wait: readonly number[];
  table: { atMs: readonly number[]; conntrack?: readonly number[]; conntrackTimeWait?: readonly (number | null)[] };
}

export interface MeasuredVariant {
  trials: readonly MeasuredTrial[];
  /** Of those that were measured to their end; null while there is none. */
  median: Metrics | null;
  figures: Figures;
}

/** What is looked at of a result. */
export interface MeasuredRun {
  scenario: {
    variants: readonly Variant[];
    expect: readonly { metric: string }[];
    claim: { rules?: readonly { when: readonly { metric: string }[] }[] } | null;
  };
  environment: { isolation: "namespace" | "none" | "watched" };
  variants: Readonly<Record<string, MeasuredVariant>>;
}
