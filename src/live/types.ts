import type { FiguresOf, Finding, LinkName, Severity } from "../findings/types.js";
import type { Environment, ExpectationResult, RunResult, RunStatus, Trial, Warning } from "../result/types.js";
import type { TcpState } from "../sampler/types.js";
import type { Role, Scenario } from "../scenario/types.js";
import type { Curve } from "./curve.js";

/**
 * What is known of the runs of a command at one moment, made from their events and nothing else (model.ts): the one thing
 * that every live view draws, and a replay too. Plain data that is bounded however long a run lasts: lines are thinned
 * (curve.ts), and of each variant the newest trial has lines. All times are in milliseconds on the clock of the events,
 * but for those of a load, which are on its own.
 */
export interface LiveState {
  /** Of the newest event. */
  atMs: number;
  /** In the order of the scenarios; those that have not begun are not there. */
  runs: LiveRun[];
}

export interface LiveRun {
  /** Its number among the runs of the command. */
  run: number;
  scenario: Scenario;
  environment: Environment;
  /** How often each variant is measured. */
  trials: number;
  beganAtMs: number;
  status: "running" | RunStatus;
  /** In the scenario's order. */
  variants: LiveVariant[];
  /** Which of them is being measured; null before the first, between two, and at the end. */
  now: { variant: string; trial: number } | null;
  warnings: Warning[];
  /** What became true while it went on, the first time that it did in a variant; in order. */
  notices: LiveNotice[];
  /** What the trials that are over tell. At the end those of the result. */
  findings: Finding[];
  expectations: LiveExpectation[];
  /** The document, at the end; null before. */
  result: RunResult | null;
}

/** `holds` is null while nothing was measured to judge it by; before the end it is judged by the trials that are over. */
export type LiveExpectation = Omit<ExpectationResult, "holds"> & { holds: boolean | null };

export interface LiveVariant {
  name: string;
  /** Trials that are over. */
  done: number;
  /** The newest one; null before the first. */
  trial: LiveTrial | null;
}

export interface LiveTrial {
  /** Counted from 0, of this variant. */
  trial: number;
  /** Position in the run, counted from 0. */
  order: number;
  beganAtMs: number;
  /** The first request, or of a trial with steps the last load among them, or its first step; null until then. */
  zeroAtMs: number | null;
  /** What is under way around the hosts: `make lab`, `warm up`, `load`; null for nothing. */
  doing: string | null;
  hosts: LiveHost[];
  /** By role: the ends of the load's own connections. */
  sides: Record<Role, LiveSide>;
  /** One, or those among the steps that have begun; the newest last. */
  loads: LiveLoad[];
  /** The load's own first. */
  links: LiveLink[];
  steps: LiveStep[];
  /** As they are saved, once it is over. */
  figures: Trial | null;
}

export interface LiveHost {
  name: string;
  addresses: readonly string[];
  roles: readonly Role[];
  /** Sockets now, of all links, by the kernel's gauge; null where it was not read. */
  timeWait: number | null;
  established: number | null;
  /** All of its sockets by state, in the newest table; states without any are left out. */
  states: States;
  /** What netfilter tracks; null where it tracks nothing. */
  tracked: number | null;
  /** Sockets in TIME_WAIT that are no part of the run; the gauge's figures are without them. */
  left: number;
  /** Those that stay in FIN_WAIT2, which the gauge holds as well; its figures are without them, too. */
  finWait2: number;
  /** null where they are not known. `ports`: local ones towards one destination; `buckets`: net.ipv4.tcp_max_tw_buckets. */
  limits: { ports: number | null; buckets: number | null; tracked: number | null };
  /** Sockets in TIME_WAIT by the gauge. */
  timeWaits: Curve;
  /** A saved document, of which this is drawn, does not tell all of its sockets, or not on which links they were. */
  isPartial: boolean;
}

export type States = Partial<Record<TcpState, number>>;

export interface LiveSide {
  /** The name of its host; null until that stands. */
  host: string | null;
  /** Of the load's own connections, in the newest table. */
  states: States;
  /** Its TIME_WAIT in tables of states. See `timeWaitOf`. */
  tables: Curve;
  /** The host has other connections too, so that its gauge holds more than this side's. */
  shares: boolean;
}

export interface LiveLoad {
  /** The step that it is; null for the one load of a trial without steps. */
  step: string | null;
  beganAtMs: number;
  /** How long it has lasted, and how long it is meant to. */
  elapsedMs: number;
  durationMs: number;
  succeeded: number;
  /** null where it is not known, as while a saved load is replayed. */
  failed: number | null;
  /** Of them, for want of a local port. */
  noPort: number;
  /** Opened; null where it is not known. */
  connections: number | null;
  /** Of the last interval. */
  perSec: number;
  /** Rows of 100 ms, told once a second or so; `atMs` counts from the load's begin. */
  rate: Curve;
  p50Us: Curve;
  p99Us: Curve;
}

export interface LiveLink {
  from: string;
  to: string;
  port: number;
  /** The load makes its connections itself. */
  own: boolean;
  /** Local ports of `from` that are taken towards it, now and at most; null where no table was read at that end. */
  ports: { used: number; most: number } | null;
  /** How many there are; null where it is not known. */
  limit: number | null;
  /** Sockets at each end now; null where it was not read. */
  timeWait: { from: number | null; to: number | null };
  open: { from: number | null; to: number | null };
}

export interface LiveStep {
  step: string;
  does: string;
  state: "begun" | "ended";
  beganAtMs: number;
  tookMs: number | null;
  /** Why it failed; null when it did not. */
  fault: string | null;
}

/** What just became true, as data: `told.ts` has the words. Codes are those of findings where there is one for it. */
export type LiveNotice = {
  [Code in keyof NoticeFigures]: {
    code: Code;
    severity: Severity;
    atMs: number;
    variant: string;
    trial: number;
    step: string | null;
    link: LinkName | null;
    figures: NoticeFigures[Code];
  };
}[keyof NoticeFigures];

/** What each is told with. */
export interface NoticeFigures {
  "ports-half": FiguresOf["ports-scarce"];
  "ports-scarce": FiguresOf["ports-scarce"];
  /** Requests that had no port, of those that have ended. */
  "ports-exhausted": { noPort: number; ended: number };
  "requests-failed": { failed: number; ended: number };
  /** Sockets in TIME_WAIT, and how many net.ipv4.tcp_max_tw_buckets allows. */
  "buckets-overflow": { host: string; held: number; limit: number };
  "conntrack-full": FiguresOf["conntrack-full"];
  /** Sockets in TIME_WAIT at either side; who closes first. */
  holder: { client: number | null; server: number | null; closer: Role };
}
