import { inOrder } from "../bench.js";
import type { RunEvent, Subscriber } from "../events/types.js";
import { progressLine } from "../report/progress.js";
import type { RunResult } from "../result/types.js";
import { allPhases } from "../scenario/phases/types.js";
import type { LoadPlan, Scenario, Variant } from "../scenario/types.js";
import { TimeLeft } from "./time-left.js";
import { DEFAULT_WIDTH, type Output } from "./world.js";

const CLEAR_LINE = "\r\u001b[2K";

export interface Progress {
  /** What is to come: of several scenarios at once the one in front is shown, with the time left for more than a trial. */
  plan(scenarios: readonly Scenario[], trials: number): void;
  /** Shows what happens. */
  heard: Subscriber;
  /** A line of its own that stays. */
  say(line: string): void;
}

type Shown = RunEvent & { type: "progress" };

/**
 * One line per trial: on a terminal rewritten in place, elsewhere written once, when the trial has ended.
 * @param output null for none at all
 * @param animated whether it may be rewritten, where the output can do that
 */
export function progressOn(output: Output | null, animated = true): Progress {
  return output === null ? { plan: () => {}, heard: () => {}, say: () => {} } : new ProgressLine(output, animated);
}

class ProgressLine implements Progress {
  readonly #output: Output;
  readonly #animated: boolean;
  #scenarios: readonly Scenario[] = [];
  #left = new TimeLeft([], () => 0);
  #last: Shown | null = null;
  #done = 0;

  constructor(output: Output, animated: boolean) {
    this.#output = output;
    this.#animated = animated && output.columns !== null && output.color;
  }

  plan(scenarios: readonly Scenario[], trials: number): void {
    this.#scenarios = scenarios;
    const inFront = scenarios.filter((_, run) => this.#isInFront(run));
    this.#left = new TimeLeft(
      inFront.flatMap((scenario) => plannedMs(scenario, trials)),
      () => performance.now(),
    );
  }

  readonly heard = (event: RunEvent): void => {
    if (event.type === "progress" && this.#isInFront(event.run)) this.#show(event);
    // A trial's warnings stand in the report; what concerns the whole run is said before it starts.
    if (event.type === "warning" && event.variant === null) this.say(`warning: ${event.warning.message}`);
    // It may take a minute, and nothing else is seen of it.
    if (event.type === "action" && event.what.startsWith("build ") && event.state === "begun")
      this.say(`${event.what.replace("build", "building")}, once`);
    if (event.type === "run-done") this.#endRun(event.run, event.result);
  };

  #endRun(run: number, result: RunResult): void {
    if (this.#isInFront(run)) this.#finish();
    this.#done += 1;
    const { length } = this.#scenarios;
    if (length > 1) this.say(`${this.#done} of ${length}: ${result.scenario.name}, ${outcomeOf(result)}`);
  }

  readonly say = (line: string): void => {
    if (this.#animated && this.#last !== null) this.#output.write(CLEAR_LINE);
    this.#output.write(`${line}\n`);
  };

  #isInFront(run: number): boolean {
    return this.#scenarios.length <= 1 || this.#scenarios[run]?.parallel !== true;
  }

  #show(event: Shown): void {
    const last = this.#last;
    const same = last?.run === event.run && last.variant === event.variant && last.trial === event.trial;
    if (!same) this.#finish();
    if (this.#last === null) this.#left.next();
    this.#last = event;
    if (this.#animated) this.#output.write(CLEAR_LINE + this.#asLine(event, true));
  }

  /** What stood last of the line in progress stays. */
  #finish(): void {
    if (this.#last === null) return;
    this.#output.write(`${this.#animated ? CLEAR_LINE : ""}${this.#asLine(this.#last, false)}\n`);
    this.#last = null;
  }

  #asLine(progress: Shown, overall: boolean): string {
    const { trial, trials } = this.#left;
    const left = { trial, trials, share: this.#left.share(), leftMs: this.#left.leftMs() };
    const width = (this.#output.columns ?? DEFAULT_WIDTH) - 1;
    return progressLine({ ...progress, ...(overall && trials > 1 ? { overall: left } : {}) }, width);
  }
}

/** How long the loads of each trial are meant to last, one trial after the other; those without a load are not shown. */
function plannedMs({ variants }: Scenario, trials: number): number[] {
  return inOrder(variants, trials)
    .map(({ variant }) => loadsOf(variant).reduce((sum, load) => sum + (load.warmupMs ?? 0) + load.durationMs, 0))
    .filter((ms) => ms > 0);
}

function loadsOf({ phases, load }: Variant): LoadPlan[] {
  return phases.length === 0 ? [load] : allPhases(phases).flatMap((step) => (step.do === "load" ? [step.load] : []));
}

function outcomeOf({ claim, status }: RunResult): string {
  return claim === undefined ? status : claim.verdict.replaceAll("-", " ");
}
