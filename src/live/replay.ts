import type { RunEvent } from "../events/types.js";
import { findingsOf } from "../findings/findings.js";
import { medianFigures } from "../result/figures.js";
import { intervalOf, medianOf } from "../result/median.js";
import type { RunResult, Trial, VariantResult } from "../result/types.js";
import type { Variant } from "../scenario/types.js";
import { hostsOf, loadOf, type Moments, samplesOf } from "./saved.js";
import { ofSteps } from "./saved-steps.js";

/**
 * A saved result, of any version that is read, as the events that it was made of, in their order and at their times: what a
 * run tells while it goes on follows from the document, so that a replay needs no second format. Trials follow each other
 * without the time that labs and last readings took. Lazy: a result may have a million samples. What no document holds over
 * time (failures and connections opened so far, tables of other links) is told at the end of the load, or of the trial.
 * @param beganMs when it begins
 */
export function* eventsOf(result: RunResult, run = 0, beganMs = 0): Generator<RunEvent> {
  const { scenario, environment } = result;
  const ofRun = { run, variant: null, trial: null };
  const planned = Math.max(1, ...Object.values(result.variants).map(({ trials }) => trials.length));
  yield { ...ofRun, atMs: beganMs, type: "run", scenario, environment, trials: planned };
  for (const warning of result.warnings)
    if (warning.variant === undefined) yield { ...ofRun, atMs: beganMs, type: "warning", warning };
  let atMs = beganMs;
  const growing = new Growing(result);
  for (const one of inOrder(result)) {
    for (const event of eventsOfTrial(one, result, { run, atMs, growing })) {
      atMs = event.atMs;
      yield event;
    }
  }
  yield { ...ofRun, atMs, type: "run-done", result };
}

interface Measured {
  plan: Variant;
  index: number;
  trial: Trial;
}

function inOrder({ scenario, variants }: RunResult): Measured[] {
  return scenario.variants
    .flatMap((plan) => {
      const trials = Object.hasOwn(variants, plan.name) ? variants[plan.name]!.trials : [];
      return trials.map((trial, index) => ({ plan, index, trial }));
    })
    .toSorted((a, b) => a.trial.order - b.trial.order);
}

function* eventsOfTrial(
  one: Measured,
  result: RunResult,
  { run, atMs, growing }: { run: number; atMs: number; growing: Growing },
): Generator<RunEvent> {
  const { plan, index, trial } = one;
  const at = { run, variant: plan.name, trial: index };
  yield { ...at, atMs, type: "trial", order: trial.order };
  const hosts = hostsOf(trial, plan, result.environment);
  for (const { host, addresses, roles, sysctls } of hosts) {
    yield { ...at, atMs, type: "host", host, addresses, roles };
    if (sysctls !== null) yield { ...at, atMs, type: "settings", host, sysctls, left: 0 };
  }
  const moments = [
    ...hosts.flatMap(samplesOf),
    ...(plan.phases.length === 0 ? [loadOf(trial, plan)] : ofSteps(trial, plan)),
  ];
  const firstMs = Math.min(0, ...moments.flatMap(({ atMs: times }) => times[0] ?? []));
  const zeroMs = atMs - firstMs;
  let lastMs = zeroMs;
  for (const { atMs: since, happening } of merged(moments)) {
    lastMs = zeroMs + since;
    // Each is a new one. To copy a million of them takes longer than all else.
    yield Object.assign(happening, at, { atMs: lastMs });
  }
  for (const warning of result.warnings)
    if (warning.variant === plan.name && warning.trial === index)
      yield { ...at, atMs: lastMs, type: "warning", warning };
  const until = growing.with(one);
  yield {
    ...at,
    atMs: lastMs,
    type: "trial-done",
    figures: trial,
    get soFar() {
      return until();
    },
  };
}

/** By time; what happens at the same time stays in the order of the columns. */
function* merged(all: readonly Moments[]): Generator<{ atMs: number; happening: ReturnType<Moments["happening"]> }> {
  const next = all.map(() => 0);
  for (;;) {
    let first = -1;
    for (const [at, { atMs }] of all.entries()) {
      if (next[at]! >= atMs.length) continue;
      if (first < 0 || atMs[next[at]!]! < all[first]!.atMs[next[first]!]!) first = at;
    }
    if (first < 0) return;
    const index = next[first]!++;
    yield { atMs: all[first]!.atMs[index]!, happening: all[first]!.happening(index) };
  }
}

/** The document as it grew, trial by trial. */
class Growing {
  readonly #result: RunResult;
  readonly #trials: Map<string, Trial[]>;

  constructor(result: RunResult) {
    this.#result = result;
    this.#trials = new Map(result.scenario.variants.map(({ name }) => [name, []]));
  }

  /** @returns the document until this trial, made when it is asked for: to look at all trials after each takes their square */
  with({ plan: { name }, trial }: Measured): () => RunResult {
    this.#trials.get(name)!.push(trial);
    const counts = Array.from(this.#trials, ([variant, trials]) => [variant, trials.length] as const);
    return () => {
      const variants = Object.fromEntries(
        counts.map(([variant, many]) => [variant, measured(this.#trials.get(variant)!.slice(0, many))]),
      );
      const until: RunResult = { ...this.#result, status: "failed", variants, expectations: [] };
      return { ...until, findings: findingsOf(until) };
    };
  }
}

function measured(trials: Trial[]): VariantResult {
  if (trials.length === 0) return { trials, median: null, figures: {} };
  return { trials, median: medianOf(trials), interval: intervalOf(trials), figures: medianFigures(trials) };
}
