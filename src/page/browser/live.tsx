import { render } from "preact";
import { patched, type Plain } from "../../live/patch.js";
import type { ShownState } from "../../live/shown.js";
import type { LiveMessages } from "../live/messages.js";
import { liveView } from "../live/view.js";
import { Live } from "../parts/live.js";
import { Page } from "../parts/page.js";
import { crosshairs } from "./crosshair.js";
import { openForPrint } from "./print.js";
import { keepRaw } from "./raw.js";

/** So often in a row the run may be out of reach before it is taken for gone. */
const MOST_FAILURES = 3;

const FOLLOWS = "Live: this page follows the run.";

/**
 * The page of runs that go on: hears of them by server-sent events, draws them, and becomes the report at the end. Then
 * nothing is asked of anybody any more.
 */
function listen(main: HTMLElement): void {
  const stream = new EventSource("s");
  let state: ShownState | null = null;
  let failures = 0;
  let frame = 0;
  let link = FOLLOWS;
  const draw = (): void => {
    if (state === null) return;
    const view = liveView(state);
    document.title = view.title;
    render(<Live view={view} link={link} />, main);
  };
  const drawSoon = (): void => {
    cancelAnimationFrame(frame);
    frame = requestAnimationFrame(draw);
  };
  const on = <Name extends keyof LiveMessages>(name: Name, hear: (message: LiveMessages[Name]) => void): void =>
    stream.addEventListener(name, ({ data }: MessageEvent<string>) => hear(JSON.parse(data) as LiveMessages[Name]));

  stream.addEventListener("open", () => {
    failures = 0;
    link = FOLLOWS;
    drawSoon();
  });
  stream.addEventListener("error", () => {
    failures++;
    if (failures >= MOST_FAILURES || stream.readyState === EventSource.CLOSED) {
      stream.close();
      link = "The run is out of reach: this is what was heard last.";
    } else link = "Out of reach for a moment; trying again.";
    draw();
  });
  on("whole", (whole) => {
    state = whole;
    drawSoon();
  });
  on("change", (change) => {
    if (state !== null) state = patched(state as unknown as Plain, change) as unknown as ShownState;
    drawSoon();
  });
  on("end", (end) => {
    stream.close();
    cancelAnimationFrame(frame);
    if ("said" in end) {
      link = end.said;
      return draw();
    }
    render(null, main);
    render(<Page view={end.view} />, main);
    document.title = end.view.title;
    crosshairs(document);
    keepRaw(document);
  });
}

openForPrint(window);
listen(document.querySelector("main")!);
