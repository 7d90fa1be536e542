import type { RunEvent } from "../events/types.js";
import { LiveModel } from "../live/model.js";
import type { Scenario, TcpState } from "../scenario/types.js";
import { inLanguage, type Language } from "../text/language.js";
import { focusOf, paintRun } from "../screen/painter.js";
import { Screen } from "../screen/screen.js";
import type { Lens, Size, Terminal } from "../screen/types.js";
import { Planned } from "./planned.js";
import type { Progress } from "./progress.js";
import type { World } from "./world.js";

type Around = Pick<World, "env" | "stderr" | "interrupted">;

/** A run on the whole screen, from the first event of a run to close(). What is said meanwhile is said again afterwards. */
export class LiveScreen implements Progress {
  readonly #world: Around;
  readonly #language: Language;
  readonly #lens: Lens | null;
  readonly #model = new LiveModel();
  readonly #screen: Screen;
  #planned = new Planned([], 1);
  #said: string[] = [];
  /** Said once the terminal is as it was. */
  #later: string[] = [];
  /** States that some host had in this trial; the trial. */
  #seen = { trial: "", states: new Set<TcpState>() };
  /** The trial in front whose load goes on. */
  #counted = "";

  /** @param lens what of it is shown; null: all */
  constructor(world: Around, terminal: Terminal, language: Language, lens: Lens | null = null) {
    this.#world = world;
    this.#language = language;
    this.#lens = lens;
    this.#screen = new Screen(terminal, (size) => this.#draw(size));
    world.interrupted.addEventListener("abort", () => this.#screen.refresh());
  }

  plan(scenarios: readonly Scenario[], trials: number): void {
    this.#planned = new Planned(scenarios, trials);
  }

  readonly heard = (event: RunEvent): void => {
    this.#model.heard(event);
    if (event.type === "run") this.#screen.open();
    if (event.type === "progress") this.#count(event);
    const line = inLanguage(this.#language, () => this.#planned.lineAbout(event));
    if (line !== null) {
      this.#later.push(line);
      // The picture has the run's warnings by itself.
      if (event.type !== "warning") this.#said.push(line);
    }
    this.#screen.refresh();
  };

  readonly say = (line: string): void => {
    if (!this.#screen.isOpen) return void this.#world.stderr.write(`${line}\n`);
    this.#said.push(line);
    this.#later.push(line);
    this.#screen.refresh();
  };

  close(): void {
    this.#screen.close();
    const lines = this.#later;
    this.#later = [];
    for (const line of lines) this.#world.stderr.write(`${line}\n`);
  }

  #count({ run, variant, trial }: RunEvent): void {
    const key = `${run} ${variant} ${trial}`;
    if (key === this.#counted || !this.#planned.isInFront(run)) return;
    this.#counted = key;
    this.#planned.left.next();
  }

  #draw(size: Size): string[] {
    const { state } = this.#model;
    const { left, scenarios } = this.#planned;
    this.#lookForStates();
    const unicode = showsUnicode(this.#world.env);
    const around = {
      said: this.#said,
      seen: this.#seen.states,
      scenarios,
      leftMs: left.trial > 0 ? left.leftMs() : null,
      isInterrupted: this.#world.interrupted.aborted,
      lens: this.#lens,
      color: this.#world.stderr.color,
      unicode,
    };
    return inLanguage(unicode ? this.#language : "en", () => paintRun(state, size, around));
  }

  #lookForStates(): void {
    const focus = focusOf(this.#model.state);
    if (focus === null || focus.trial === null) return;
    const trial = `${focus.run.run} ${focus.variant?.name} ${focus.trial.trial}`;
    if (trial !== this.#seen.trial) this.#seen = { trial, states: new Set() };
    for (const { states } of [...focus.trial.hosts, ...Object.values(focus.trial.sides)])
      for (const state of Object.keys(states)) this.#seen.states.add(state as TcpState);
  }
}

/** By the locale, where one is set (POSIX, 8.2): most terminals are UTF-8, also where none is. */
export function showsUnicode({ LC_ALL, LC_CTYPE, LANG }: World["env"]): boolean {
  const locale = [LC_ALL, LC_CTYPE, LANG].find((value) => value !== undefined && value !== "");
  return locale === undefined || /utf-?8/iu.test(locale);
}
