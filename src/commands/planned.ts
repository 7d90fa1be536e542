import { inOrder } from "../bench.js";
import type { RunEvent } from "../events/types.js";
import type { RunResult } from "../result/types.js";
import { loadsOf } from "../scenario/loads.js";
import type { Scenario } from "../scenario/types.js";
import { toldWarning } from "../warnings/told.js";
import { say } from "../words/say.js";
import { sayOnScreen } from "../words/screen.js";
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

  /**
   * What the event asks to be said in a line that stays, in the language of what is being drawn; null for nothing. To be
   * called once for each event.
   */
  lineAbout(event: RunEvent): string | null {
    // A trial's warnings stand in the report; what concerns the whole run is said before it starts.
    if (event.type === "warning")
      return event.variant === null
        ? say("colon", { mark: say("warning"), text: toldWarning(event.warning).message })
        : null;
    // It may take a minute, and nothing else is seen of it.
    if (event.type === "action" && event.what.startsWith("build ") && event.state === "begun")
      return sayOnScreen("building", { what: event.what.replace("build ", "") });
    if (event.type !== "run-done") return null;
    this.#done += 1;
    const { length } = this.#scenarios;
    if (length <= 1) return null;
    const { result } = event;
    return sayOnScreen("run-over", {
      n: this.#done,
      of: length,
      name: result.scenario.name,
      outcome: outcomeOf(result),
    });
  }
}

/** How long the loads of each trial are meant to last, one trial after the other; those without a load are not shown. */
function plannedMs({ variants }: Scenario, trials: number): number[] {
  return inOrder(variants, trials)
    .map(({ variant }) => loadsOf(variant).reduce((sum, load) => sum + (load.warmupMs ?? 0) + load.durationMs, 0))
    .filter((ms) => ms > 0);
}

const STATUS = { complete: "complete", interrupted: "was-interrupted", failed: "has-failed" } as const;

function outcomeOf({ claim, status }: RunResult): string {
  return say(claim?.verdict ?? STATUS[status]);
}
