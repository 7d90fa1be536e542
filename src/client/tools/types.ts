import type { LoadPlan } from "../../scenario/types.js";

/** What a program that makes a load says of it; each figure null where it does not say. */
export interface Claims {
  /** With its version: `wrk 4.1.0`. */
  tool: string;
  /** That it counts as made. */
  requests: number | null;
  /** With an answer of a status below 400. */
  succeeded: number | null;
  /** What it calls failed, answers of status 400 and above included. */
  failed: number | null;
  /** Its headline, whatever it divides by what. */
  perSec: number | null;
  latencyUs: { p50: number | null; p99: number | null } | null;
  /** How long it says that it took, in seconds. */
  seconds: number | null;
  exitCode: number | null;
}

/** What a run of a program left. */
export interface ProgramOutput {
  stdout: string;
  stderr: string;
  exitCode: number | null;
}

/** What it says, without what is known of the run from elsewhere. */
export type Said = Omit<Claims, "tool" | "exitCode">;

/** The part of a plan that a command line says. */
export type ToolPlan = Pick<
  LoadPlan,
  "connections" | "durationMs" | "requests" | "connection" | "timeoutMs" | "pace" | "pauses" | "request" | "tls"
>;

/** What only some tools can do, and a plan may ask for. */
export type Ability = "think" | "batch" | "headers" | "method" | "body" | "bodyFile" | "paths" | "verify";

/** One load generator: how its command line says a load, and how its output is read. Pure. */
export interface Tool {
  /** How it is had, as a command line or a page. */
  install: string;
  /** Arguments that make it tell its version; whatever exit code it gives. */
  versionArgs: readonly string[];
  /** null where the output is not that of this tool. */
  versionIn(output: string): string | null;
  /** What of the plan it cannot do, of all but `Ability`: `cannot keep a rate`. null: nothing. */
  cannot(plan: ToolPlan): string | null;
  /** What it can do of that which not all can; absent: nothing. */
  can?: readonly Ability[];
  /** For the shell; `{url}` stands for the target, in quotes: a path may hold `&`; `{ca}` for the file of a certificate. */
  commandLine(plan: ToolPlan): string;
  /** null where its summary is not there, or is not what this version prints. */
  read(output: ProgramOutput): Said | null;
}
