import type { RunEvent, Subscriber } from "../events/types.js";
import { progressLine } from "../report/progress.js";
import type { Scenario } from "../scenario/types.js";
import { inLanguage, type Language } from "../text/language.js";
import { Planned } from "./planned.js";
import { DEFAULT_WIDTH, type Output } from "./world.js";

const CLEAR_LINE = "\r\u001b[2K";

export interface Progress {
  /** What is to come: of several scenarios at once the one in front is shown, with the time left for more than a trial. */
  plan(scenarios: readonly Scenario[], trials: number): void;
  /** Shows what happens. */
  heard: Subscriber;
  /** A line of its own that stays. */
  say(line: string): void;
  /** All has happened; lines may still be said. May be called again. */
  close(): void;
}

type Shown = RunEvent & { type: "progress" };

/** Shows nothing. */
export const NO_PROGRESS: Progress = { plan: () => {}, heard: () => {}, say: () => {}, close: () => {} };

/** One line per trial: on a terminal rewritten in place, elsewhere written once, when the trial has ended. */
export class ProgressLine implements Progress {
  readonly #output: Output;
  readonly #animated: boolean;
  readonly #language: Language;
  #planned = new Planned([], 1);
  #last: Shown | null = null;

  /** @param animated whether it may be rewritten, where the output can do that */
  constructor(output: Output, language: Language, animated = true) {
    this.#output = output;
    this.#language = language;
    this.#animated = animated && output.columns !== null && output.color;
  }

  plan(scenarios: readonly Scenario[], trials: number): void {
    this.#planned = new Planned(scenarios, trials);
  }

  readonly heard = (event: RunEvent): void => {
    const isInFront = this.#planned.isInFront(event.run);
    if (event.type === "progress" && isInFront) this.#show(event);
    if (event.type === "run-done" && isInFront) this.#finish();
    const line = inLanguage(this.#language, () => this.#planned.lineAbout(event));
    if (line !== null) this.say(line);
  };

  readonly say = (line: string): void => {
    if (this.#animated && this.#last !== null) this.#output.write(CLEAR_LINE);
    this.#output.write(`${line}\n`);
  };

  close(): void {
    this.#finish();
  }

  #show(event: Shown): void {
    const last = this.#last;
    const same = last?.run === event.run && last.variant === event.variant && last.trial === event.trial;
    if (!same) this.#finish();
    if (this.#last === null) this.#planned.left.next();
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
    const { left } = this.#planned;
    const { trial, trials } = left;
    const shown = overall && trials > 1 ? { trial, trials, share: left.share(), leftMs: left.leftMs() } : null;
    const width = (this.#output.columns ?? DEFAULT_WIDTH) - 1;
    const all = { ...progress, ...(shown === null ? {} : { overall: shown }) };
    return inLanguage(this.#language, () => progressLine(all, width));
  }
}
