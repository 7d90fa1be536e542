import { toldRun } from "../live/told.js";
import type { LiveRun, LiveTrial } from "../live/types.js";
import type { Paint, Style } from "../report/paint.js";
import { precise } from "../text/figures.js";
import { printable } from "../text/printable.js";
import { displayWidth, fit, padRight } from "../text/width.js";
import { wrap } from "../text/wrap.js";
import { say } from "../words/say.js";
import { sayOnScreen } from "../words/screen.js";

/** A sentence, with when it became true or where it belongs to. */
interface Item {
  when: string;
  text: string;
  style: Style | null;
}

const WHEN_WIDTH = 8;

/** What happened, the newest first: what became true, warnings, what trials that are over tell, what was said beside. */
export function itemsOf(
  run: LiveRun,
  current: string | null,
  trial: LiveTrial | null,
  said: readonly string[],
): Item[] {
  const isNow = ({ variant, trial: of }: { variant: string; trial: number }): boolean =>
    variant === current && of === trial?.trial;
  const seconds = (atMs: number): string =>
    trial === null
      ? ""
      : sayOnScreen("seconds", {
          n: Math.max(0, (atMs - (trial.zeroAtMs ?? trial.beganAtMs)) / 1000).toFixed(1),
        });
  const told = toldRun(run);
  const notices = told.notices.toReversed().map((notice): Item => {
    const when = isNow(notice) && trial?.figures === null ? seconds(notice.atMs) : notice.variant;
    return { when, text: notice.text, style: STYLE_OF[notice.severity] };
  });
  const known = new Set(run.notices.map(({ code, variant }) => `${variant} ${code}`));
  const findings = told.findings
    .filter(({ code, variant }) => !known.has(`${variant} ${code}`))
    .map(({ variant, text, severity }): Item => ({ when: variant, text, style: STYLE_OF[severity] }));
  const warnings = told.warnings.map(({ message, variant }): Item => ({
    when: variant ?? say("warning"),
    text: message,
    style: STYLE_OF.notice,
  }));
  const beside = said.toReversed().map((text): Item => ({ when: "", text, style: "dim" }));
  return [...notices, ...findings, ...warnings, ...beside];
}

const STYLE_OF = { problem: ["bold", "red"], notice: "bold", fact: null } as const satisfies Record<
  string,
  Style | null
>;

/** Each with its lines. */
export function wrapItems(
  items: readonly Item[],
  { most, width, paint }: { most: number; width: number; paint: Paint },
): string[][] {
  return items.slice(0, most).map(({ when, text, style }) => {
    const before = printable(when);
    const indent = Math.max(WHEN_WIDTH, displayWidth(before) <= 20 ? displayWidth(before) : WHEN_WIDTH) + 1;
    const wrapped = wrap(printable(text), Math.max(10, width - indent - 2));
    return wrapped.map((line, at) => {
      const head = at === 0 && displayWidth(before) < indent ? before : "";
      return ` ${paint("dim", padRight(head, indent))} ${style === null ? line : paint(style, line)}`;
    });
  });
}

/** At most so many lines: a sentence that has no room is left out, and none is cut but the first. */
export function drawItems(items: readonly (readonly string[])[], rows: number): string[] {
  const lines: string[] = [];
  for (const item of items) {
    if (lines.length > 0 && lines.length + item.length > rows) break;
    lines.push(...item);
  }
  return lines.slice(0, rows);
}

/** Those that do not hold stand first where there is no room for all. */
export function drawExpectations(
  { expectations }: Pick<LiveRun, "expectations">,
  { rows, width, paint }: { rows: number; width: number; paint: Paint },
): string[] {
  const shown =
    expectations.length <= rows
      ? expectations
      : expectations.toSorted((a, b) => RANK.indexOf(a.holds) - RANK.indexOf(b.holds)).slice(0, Math.max(0, rows - 1));
  const lines = shown.map(({ text, holds, measured }) => {
    const mark = holds === null ? "·" : holds ? paint("green", "✓") : paint(["bold", "red"], "✗");
    const known = measured === null ? "" : `  (${printable(precise(measured))})`;
    const line = fit(printable(text), width - displayWidth(known) - 4);
    return ` ${mark} ${holds === null ? paint("dim", line) : line}${paint("dim", known)}`;
  });
  const left = expectations.length - shown.length;
  return left === 0 || rows === 0 ? lines : [...lines, paint("dim", `   ${sayOnScreen("more", { n: left })}`)];
}

const RANK: readonly (boolean | null)[] = [false, null, true];
