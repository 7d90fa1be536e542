import { typed, type Typed } from "./commands.js";
import { rightChoice } from "./judge.js";
import type { Kept, Notebook } from "./notebook.js";
import { back, isEnd, next, type Place } from "./place.js";
import type { Hands, Lesson, Shown, Step } from "./types.js";
import { asideOf, type Drawn, endOf, unknownOf, viewOf } from "./view.js";
import type { AsideView, LessonView } from "./view-types.js";
import type { Language } from "../text/language.js";

/** Where a lesson is taught: what is shown, what is typed, what runs. */
export interface Desk {
  language: Language;
  /** Something new. */
  show(view: LessonView): void;
  /** Beside what stands there. */
  add(aside: AsideView): void;
  /** @returns null when nothing more will be typed */
  ask(): Promise<string | null>;
  /** The run of a step, or its recording; what is to be shown meanwhile. */
  measure(step: Step, meanwhile: LessonView): Promise<Shown>;
}

/**
 * The story of one lesson: guess, run, compare, why. Where it stops it goes on the next time.
 * @returns whether it came to its end
 */
export async function teach(lesson: Lesson, desk: Desk, notebook: Notebook, kept: Kept): Promise<boolean> {
  const room = new Room(lesson, desk, notebook, kept);
  for (;;) {
    if (isEnd(lesson, room.place)) return room.end();
    await room.enter();
    const line = await desk.ask();
    const asked: Typed = line === null ? { do: "quit" } : typed(line, room.step.choices.length);
    if (asked.do === "quit") return false;
    await room.hear(asked);
  }
}

class Room {
  readonly #lesson: Lesson;
  readonly #desk: Desk;
  readonly #notebook: Notebook;
  readonly #shown = new Map<string, Shown>();
  readonly #hands: Record<string, Record<string, number>>;
  #kept: Kept;
  place: Place;
  /** Whether what stands there is not to be drawn again. */
  #stays = false;

  constructor(lesson: Lesson, desk: Desk, notebook: Notebook, kept: Kept) {
    this.#lesson = lesson;
    this.#desk = desk;
    this.#notebook = notebook;
    this.#kept = kept;
    this.#hands = structuredClone(kept.hands);
    const at = lesson.steps.findIndex(({ id }) => id === kept.step);
    this.place = { step: Math.max(0, at), part: "before" };
  }

  get step(): Step {
    return this.#lesson.steps[this.place.step]!;
  }

  /** Draws the part; before what was measured is shown, it runs. */
  async enter(): Promise<void> {
    const { id } = this.step;
    if (this.#kept.step !== id) await this.#keep({ step: id });
    if (this.place.part === "measured" && !this.#shown.has(id))
      this.#shown.set(id, await this.#desk.measure(this.step, viewOf(this.#drawn())));
    if (!this.#stays) this.#desk.show(viewOf(this.#drawn()));
    this.#stays = false;
  }

  async hear(asked: Typed): Promise<void> {
    switch (asked.do) {
      case "next":
        this.place = next(this.place);
        break;
      case "back":
        this.place = back(this.place);
        break;
      case "skip":
        this.place = { step: this.place.step + 1, part: "before" };
        break;
      case "again":
        this.#shown.delete(this.step.id);
        this.place = { step: this.place.step, part: "measured" };
        break;
      case "hint":
      case "notes":
        this.#desk.add(asideOf(asked.do, this.#drawn()));
        this.#stays = true;
        break;
      case "hands":
        for (const { choice, hands } of asked.hands) this.#count(this.step.choices[choice - 1]!.id, hands);
        await this.#keep({ hands: this.#hands });
        break;
      case "unknown":
        this.#desk.add(unknownOf(asked.text, this.#desk.language));
        this.#stays = true;
        break;
      case "help":
      case "quit":
        break;
    }
  }

  async end(): Promise<true> {
    const right = new Map([...this.#shown].map(([id, { result }]) => [id, rightChoice(this.#stepCalled(id), result)]));
    this.#desk.show(endOf(this.#lesson, this.#hands, right, this.#desk.language));
    await this.#keep({ step: null, hands: {} });
    return true;
  }

  #stepCalled(id: string): Step {
    return this.#lesson.steps.find((step) => step.id === id)!;
  }

  /** What is said again replaces what was said: hands are counted once. */
  #count(choice: string, hands: number): void {
    const of = (this.#hands[this.step.id] ??= {});
    of[choice] = hands;
  }

  async #keep(change: Partial<Kept>): Promise<void> {
    this.#kept = { ...this.#kept, ...change };
    await this.#notebook.write(this.#kept);
  }

  #drawn(): Drawn {
    const { id } = this.step;
    const hands: Hands = this.#hands[id] ?? {};
    const shown = this.#shown.get(id) ?? null;
    return {
      lesson: this.#lesson,
      place: this.place,
      shown,
      hands,
      language: this.#desk.language,
    };
  }
}
