import { hydrate, render } from "preact";
import { patched, type Plain } from "../../live/patch.js";
import { inLanguage, languageNamed } from "../../text/language.js";
import { say } from "../../words/say.js";
import type { First, LiveMessages, PageState } from "../live/messages.js";
import { pictureOf } from "../live/picture.js";
import { Page } from "../parts/page.js";
import { crosshairs } from "./crosshair.js";
import { openForPrint } from "./print.js";
import { drivenBy, send } from "./drive.js";
import { keepRaw } from "./raw.js";

/** So often in a row the run may be out of reach before it is taken for gone. */
const MOST_FAILURES = 3;

/**
 * The page of runs that go on: takes over what stands on it, hears of them by server-sent events, draws them, and becomes the
 * report at the end. Then nothing is asked of anybody any more.
 */
function listen(main: HTMLElement, first: First): void {
  const stream = new EventSource(`s?${first.id}`);
  let { state } = first;
  let failures = 0;
  let frame = 0;
  /** How it hears of the runs, where it is not as it should be; at first not yet. */
  let link: (() => string) | null = () => "";
  const draw = (onto: typeof render): void => {
    const { lesson = null } = state;
    inLanguage(lesson?.lang ?? asServed, () => {
      const { title, body } = pictureOf(state, { link: link?.() ?? null, type: send });
      document.title = title;
      if (lesson !== null) document.documentElement.lang = lesson.lang === "zh" ? "zh-CN" : lesson.lang;
      onto(body, main);
    });
  };
  const drawSoon = (): void => {
    cancelAnimationFrame(frame);
    frame = requestAnimationFrame(() => draw(render));
  };
  draw(hydrate);
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
    draw(render);
  });
  on("whole", (whole) => {
    state = whole;
    drawSoon();
  });
  on("change", (change) => {
    state = patched(state as unknown as Plain, change) as unknown as PageState;
    drawSoon();
  });
  on("end", (end) => {
    stream.close();
    cancelAnimationFrame(frame);
    if ("said" in end) {
      link = () => end.said;
      return draw(render);
    }
    render(null, main);
    inLanguage(asServed, () => render(<Page view={end.view} />, main));
    document.title = end.view.title;
    crosshairs(document);
    keepRaw(document);
  });
}

const asServed = languageNamed(document.documentElement.lang) ?? "en";

openForPrint(window);
drivenBy(document);
listen(document.querySelector("main")!, JSON.parse(document.querySelector("#first")!.textContent) as First);
