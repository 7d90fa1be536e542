import { render } from "preact";
import { patched, type Plain } from "../../live/patch.js";
import { inLanguage, languageNamed } from "../../text/language.js";
import { say } from "../../words/say.js";
import type { LiveMessages, PageState } from "../live/messages.js";
import { liveView } from "../live/view.js";
import { Live } from "../parts/live.js";
import { Page } from "../parts/page.js";
import { crosshairs } from "./crosshair.js";
import { openForPrint } from "./print.js";
import { drivenBy, send } from "./drive.js";
import { Lesson } from "./lesson.js";
import { keepRaw } from "./raw.js";

/** So often in a row the run may be out of reach before it is taken for gone. */
const MOST_FAILURES = 3;

/**
 * The page of runs that go on: hears of them by server-sent events, draws them, and becomes the report at the end. Then
 * nothing is asked of anybody any more.
 */
function listen(main: HTMLElement): void {
  const stream = new EventSource("s");
  let state: PageState | null = null;
  let failures = 0;
  let frame = 0;
  /** How it hears of the runs, where it is not as it should be. */
  let link: (() => string) | null = null;
  const draw = (): void => {
    if (state === null) return;
    const { lesson = null } = state;
    inLanguage(lesson?.lang ?? asServed, () => {
      const view = liveView(state!);
      document.title = lesson?.heading ?? view.title;
      if (lesson === null) return render(<Live view={view} link={(link ?? follows)()} />, main);
      document.documentElement.lang = lesson.lang === "zh" ? "zh-CN" : lesson.lang;
      const variants = lesson.watch.length === 0 ? [] : (view.runs[0]?.variants ?? []);
      return render(<Lesson view={lesson} variants={variants} link={link?.() ?? ""} type={send} />, main);
    });
  };
  const drawSoon = (): void => {
    cancelAnimationFrame(frame);
    frame = requestAnimationFrame(draw);
  };
  const on = <Name extends keyof LiveMessages>(name: Name, hear: (message: LiveMessages[Name]) => void): void =>
    stream.addEventListener(name, ({ data }: MessageEvent<string>) => hear(JSON.parse(data) as LiveMessages[Name]));

  stream.addEventListener("open", () => {
    failures = 0;
    link = null;
    drawSoon();
  });
  stream.addEventListener("error", () => {
    failures++;
    if (failures >= MOST_FAILURES || stream.readyState === EventSource.CLOSED) {
      stream.close();
      link = () => say("page-lost");
    } else link = () => say("page-tries");
    draw();
  });
  on("whole", (whole) => {
    // What stood there before anything was heard.
    if (state === null) main.replaceChildren();
    state = whole;
    drawSoon();
  });
  on("change", (change) => {
    if (state !== null) state = patched(state as unknown as Plain, change) as unknown as PageState;
    drawSoon();
  });
  on("end", (end) => {
    stream.close();
    cancelAnimationFrame(frame);
    if ("said" in end) {
      link = () => end.said;
      return draw();
    }
    render(null, main);
    inLanguage(asServed, () => render(<Page view={end.view} />, main));
    document.title = end.view.title;
    crosshairs(document);
    keepRaw(document);
  });
}

const asServed = languageNamed(document.documentElement.lang) ?? "en";
const follows = (): string => say("page-follows");

openForPrint(window);
drivenBy(document);
listen(document.querySelector("main")!);
