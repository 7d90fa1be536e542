import { asideLines, type Line, screenOf } from "../lessons/screens.js";
import type { Desk } from "../lessons/teach.js";
import type { AsideView, LessonView } from "../lessons/view-types.js";
import { painter, type Style } from "../report/paint.js";
import { inLanguage, type Language } from "../text/language.js";
import { sayInLesson as say } from "../words/lessons.js";
import { openUi } from "./ui.js";
import { DEFAULT_WIDTH, type World } from "./world.js";

/** The page for the projector. */
export interface Board {
  heard: Awaited<ReturnType<typeof openUi>>["heard"];
  show(view: LessonView): void;
  add(aside: AsideView): void;
  /** The step's run begins. */
  begin(view: LessonView): void;
  /** The next line that is typed on it. */
  typed(): Promise<string>;
  end(): Promise<void>;
}

export async function openBoard(language: Language, world: World): Promise<Board> {
  const lines: string[] = [];
  let wake = (): void => {};
  let shown: LessonView | null = null;
  const ui = await openUi(world, language, (line) => {
    // While a step runs nothing is heard: what was clicked twice is not done twice. A recording may be cut short.
    if (shown?.runs === true && shown.buttons.length === 0) return;
    lines.push(line);
    wake();
  });
  const teach = (view: LessonView, fresh: boolean): void => ui.teach((shown = view), fresh);
  return {
    heard: ui.heard,
    show: (view) => teach(view, false),
    add: (aside) => {
      if (shown !== null) teach({ ...shown, aside }, false);
    },
    begin: (view) => teach(view, true),
    async typed() {
      if (lines.length === 0) await new Promise<void>((resolve) => (wake = resolve));
      return lines.shift()!;
    },
    end() {
      const over = shown?.part === "end" ? "" : inLanguage(language, () => say("page-over"));
      if (shown !== null) teach({ ...shown, buttons: [] }, false);
      return ui.end({ said: over });
    },
  };
}

interface Heard {
  /** null: nothing more will be typed. */
  line: string | null;
  /** In the terminal, not on the page. */
  isTyped: boolean;
}

export interface TeachersDesk extends Omit<Desk, "measure"> {
  /**
   * Resolves when a line is typed that was not asked for. Enter alone is used up by that; all else is for whoever asks next.
   * @param over nobody waits for it any more
   */
  hurried(over: AbortSignal): Promise<void>;
}

/** The teacher's terminal, and the page where there is one: both show the same, and either may be typed on. */
export function deskOf(language: Language, board: Board | null, world: World): TeachersDesk {
  const { stdout } = world;
  const paint = painter(stdout.color);
  const columns = (): number => stdout.columns ?? DEFAULT_WIDTH;
  const write = (lines: readonly Line[]): void => {
    const styles: Record<NonNullable<Line["style"]>, Style> = { bold: "bold", dim: "dim", good: ["bold", "green"] };
    const drawn = lines.map(({ text, style }) => (style === undefined ? text : paint(styles[style], text)));
    stdout.write(`${drawn.join("\n")}\n`);
  };
  // A line that is awaited is awaited on, while something is done at the other place: whoever asks next gets it.
  let reading: Promise<Heard> | null = null;
  let clicking: Promise<Heard> | null = null;
  const heard = (): Promise<Heard> => {
    reading ??= world.readLine().then((line) => ({ line, isTyped: true }));
    if (board !== null) clicking ??= board.typed().then((line) => ({ line, isTyped: false }));
    return Promise.race(clicking === null ? [reading] : [reading, clicking]);
  };
  const taken = ({ isTyped }: Heard): void => {
    if (isTyped) reading = null;
    else clicking = null;
  };
  return {
    language,
    show: (view) => {
      board?.show(view);
      stdout.write(stdout.color ? "\u001b[H\u001b[2J" : "\n");
      write(screenOf(view, columns()));
    },
    add: (aside) => {
      board?.add(aside);
      write(asideLines(aside, columns()));
    },
    ask: async () => {
      stdout.write("> ");
      const one = await heard();
      taken(one);
      return one.line;
    },
    hurried: async (over) => {
      const one = await heard();
      if (one.line === "" && !over.aborted) taken(one);
    },
  };
}
