import type { Metrics } from "../metrics/table.js";
import type { Variant } from "../scenario/types.js";
import type { FindingCode } from "./codes.js";

/** `problem`: something failed, and a report says so first. `notice`: worth a look. `fact`: how it is. */
export type Severity = "problem" | "notice" | "fact";

/** What each finding is told with. Counts are those of one trial. */
export interface FiguresOf {
  "requests-failed": { failed: number; sent: number; kinds: Record<string, number> };
  "ports-exhausted": {
    /** Local ports taken at once, at most; null where no table was read. */
    used: number | null;
    /** How many there are, without reserved ones. */
    ports: number | null;
    low: number | null;
    high: number | null;
    /** Requests of the load whose connect() or bind() found no port, by errno. */
    refused: Record<string, number>;
    failed: number;
    sent: number;
  };
  "command-failed": {
    host: string;
    exitCode: number | null;
    /** null when it exited by itself. */
    signal: string | null;
    timedOut: boolean;
    timeoutMs: number;
    /** Its last lines. */
    output: string | null;
  };
  /** `drops` holds the overflows too. */
  "listen-overflow": { host: string; overflows: number; drops: number };
  "buckets-overflow": { host: string; refused: number; limit: number | null };
  "link-churns": {
    opened: number;
    sent: number;
    perRequest: number;
    /** TIME_WAIT created at either end; null where that is no host of the lab. */
    timeWait: { from: number; to: number | null };
    exact: boolean;
  };
  resets: { share: number; opened: number };
}

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
  };
}[Code];

interface Entry<Code extends FindingCode> {
  /** When it is said, for the list in results/README.md. */
  when: string;
  text(figures: FiguresOf[Code], at: Place): string;
  remedy(figures: FiguresOf[Code], at: Place): string | null;
}

/** All texts of one language. */
export type Catalogue = { readonly [Code in FindingCode]: Entry<Code> };

/** What is looked at of one trial. */
export interface MeasuredTrial extends Metrics {
  status: string;
  figures: Readonly<Record<string, number | string | null>>;
  kernel: Readonly<Record<"client" | "server", KernelView | null>>;
  otherKernels?: Readonly<Record<string, KernelView>>;
}

export interface KernelView {
  counters: Readonly<Record<string, number>>;
  sysctls: Readonly<Record<string, string>>;
  localPorts: { low: number; high: number } | null;
}

/** What is looked at of a result. */
export interface MeasuredRun {
  scenario: {
    variants: readonly Variant[];
    expect: readonly { metric: string }[];
    claim: { rules?: readonly { when: readonly { metric: string }[] }[] } | null;
  };
  environment: { isolation: "namespace" | "none" };
  variants: Readonly<Record<string, { trials: readonly MeasuredTrial[] }>>;
}
