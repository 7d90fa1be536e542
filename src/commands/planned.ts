import { inOrder } from "../bench.js";
import type { RunEvent } from "../events/types.js";
import type { RunResult } from "../result/types.js";
import { allPhases } from "../scenario/phases/types.js";
import type { LoadPlan, Scenario, Variant } from "../scenario/types.js";
import { TimeLeft } from "./time-left.js";

/** What a command runs, as far as whoever shows its progress has to know it. */
export class Planned {
  /** Of the trials in front. */
  readonly left: TimeLeft;
  readonly #scenarios: readonly Scenario[];
  #done = 0;

  constructor(scenarios: readonly Scenario[], trials: number) {
    this.#scenarios = scenarios;
    const inFront = scenarios.filter((_, run) => this.isInFront(run));
    this.left = new TimeLeft(
      inFront.flatMap((scenario) => plannedMs(scenario, trials)),
      () => performance.now(),
    );
  }

  /** How many scenarios there are. */
  get scenarios(): number {
    return this.#scenarios.length;
  }

  /** Of several at once, those that only wait are not shown. */
  isInFront(run: number): boolean {
    return this.#scenarios.length <= 1 || this.#scenarios[run]?.parallel !== true;
  }

  /** What the event asks to be said in a line that stays; null for nothing. To be called once for each event. */
  lineAbout(event: RunEvent): string | null {
    // A trial's warnings stand in the report; what concerns the whole run is said before it starts.
    if (event.type === "warning") return event.variant === null ? `warning: ${event.warning.message}` : null;
    // It may take a minute, and nothing else is seen of it.
    if (event.type === "action" && event.what.startsWith("build ") && event.state === "begun")
      return `${event.what.replace("build", "building")}, once`;
    if (event.type !== "run-done") return null;
    this.#done += 1;
    const { length } = this.#scenarios;
    return length > 1 ? `${this.#done} of ${length}: ${event.result.scenario.name}, ${outcomeOf(event.result)}` : null;
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
