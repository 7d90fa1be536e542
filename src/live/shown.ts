import type { Scenario } from "../scenario/types.js";
import type { Verdict } from "../scenario/claim/types.js";
import { toldRun, type ToldNotice } from "./told.js";
import type { LiveRun, LiveState, LiveTrial } from "./types.js";

/** What of a state a page needs: it is sent to browsers, and the documents of the runs are long. */
export interface ShownState {
  atMs: number;
  runs: ShownRun[];
}

export interface ShownRun extends Omit<
  LiveRun,
  "scenario" | "environment" | "result" | "variants" | "findings" | "notices" | "warnings"
> {
  scenario: Pick<Scenario, "name" | "title" | "parallel">;
  isolation: "namespace" | "none" | "watched";
  variants: { name: string; topology: string; steps: number; done: number; trial: ShownTrial | null }[];
  notices: ToldNotice[];
  findings: { severity: string; variant: string; text: string }[];
  /** Sentences. */
  warnings: string[];
  /** Of its claim, at the end; null without one, and before. */
  verdict: Verdict | null;
}

export interface ShownTrial extends Omit<LiveTrial, "figures"> {
  over: boolean;
  /** Of all requests of its load, once it is over; null before, and of a trial with steps. */
  latencyUs: { p50: number | null; p99: number | null } | null;
}

/** Its sentences are in the language of what is being drawn. Shares its lines with the state: it is to be written down before more is heard. */
export function shownOf({ atMs, runs }: LiveState): ShownState {
  return { atMs: Math.round(atMs), runs: runs.map(shownRun) };
}

function shownRun({ scenario, environment, result, variants, findings: found, ...run }: LiveRun): ShownRun {
  const { name, title, parallel } = scenario;
  const { notices, findings, warnings } = toldRun({ ...run, findings: found, scenario });
  return {
    ...run,
    scenario: { name, title, parallel },
    isolation: environment.isolation,
    variants: variants.map(({ trial, ...variant }, at) => ({
      ...variant,
      topology: scenario.variants[at]?.lab.topology ?? "",
      steps: scenario.variants[at]?.phases.length ?? 0,
      trial: trial === null ? null : shownTrial(trial),
    })),
    notices,
    findings: findings.map(({ severity, variant, text }) => ({ severity, variant, text })),
    warnings: warnings.map(({ message }) => message),
    verdict: result?.claim?.verdict ?? null,
  };
}

function shownTrial({ figures, ...trial }: LiveTrial): ShownTrial {
  const { p50 = null, p99 = null } = figures?.latencyUs ?? {};
  const isOfOneLoad = figures !== null && trial.loads.at(-1)?.step === null;
  return { ...trial, over: figures !== null, latencyUs: isOfOneLoad ? { p50, p99 } : null };
}
