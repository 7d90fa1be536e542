import type { LiveLink } from "../live/types.js";
import type { Paint } from "../report/paint.js";
import { count } from "../text/figures.js";
import { printable } from "../text/printable.js";
import { displayWidth, fit, padLeft, padRight } from "../text/width.js";
import { sayOnScreen as say } from "../words/screen.js";

/** A row for each link: its ends, what is open, what stands in TIME_WAIT at either end, the ports that it takes. */
export function drawLinks(
  links: readonly LiveLink[],
  { rows, width, paint }: { rows: number; width: number; paint: Paint },
): string[] {
  const shown = links.length <= rows ? links : links.slice(0, Math.max(0, rows - 1));
  const names = shown.map(({ from, to, port }) => `${printable(from)} → ${printable(to)}:${port}`);
  const nameWidth = Math.min(Math.max(0, ...names.map(displayWidth)), Math.floor(width / 3));
  const lines = shown.map(({ open, timeWait, ports, limit }, at) => {
    const cells = [
      say("open", { n: padLeft(count(open.from ?? open.to), 7) }),
      `TIME_WAIT ${padLeft(count(timeWait.from), 7)} → ${padRight(count(timeWait.to), 7)}`,
      ports === null ? "" : say("ports-of", { n: padLeft(count(ports.used), 7), of: count(limit) }),
    ];
    const line = ` ${padRight(fit(names[at]!, nameWidth), nameWidth)}`;
    return cells.reduce((all, cell) => (displayWidth(`${all}  ${cell}`) <= width ? `${all}  ${cell}` : all), line);
  });
  const left = links.length - shown.length;
  return left === 0 || rows === 0 ? lines : [...lines, paint("dim", ` ${say("more", { n: left })}`)];
}
