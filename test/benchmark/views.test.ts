import { expect, test } from "vitest";
import { goalsOf } from "./goals.js";
import { markdownOf } from "./markdown.js";
import { type Round, rowsOf, type Shown } from "./views.js";
import type { BenchmarkResult } from "./types.js";

/** A round in which a view changes the rate to this part of what it is without. */
function aRound(live: number, control: number): Round {
  const shown = (part: number): Shown => ({ perSec: 10_000 * part, p50: 4_000, p99: 9_000 / part });
  const both = (part: number) => ({ close: shown(part), "keep-alive": shown(1) });
  return { none: both(1), "--live": both(live), "--ui": both(1), control: both(control) };
}

test("a view is judged by the median of its pairs, and not at all where runs without it differ as much", () => {
  const rounds = [0.975, 0.977, 0.98, 0.98, 0.983, 0.985].map((ratio) => aRound(ratio, 1));
  const rows = rowsOf(rounds);
  const told = (view: string, all = rows) =>
    goalsOf([], null, { seconds: 2, loadBefore: 0, rows: all }).find(
      ({ name }) => name.includes(view) && name.includes("`close`"),
    )!;
  expect(told("--live")).toMatchObject({ measured: 0.98, met: false, spread: { of: 6 } });
  expect(told("--ui")).toMatchObject({ measured: 1, met: true });
  expect(told("--live", rowsOf(rounds.map(() => aRound(0.98, 1.02))))).toMatchObject({ measured: 0.98, met: null });
  // Of too few, or where the pairs themselves differ too much.
  expect(told("--live", rowsOf(rounds.slice(0, 4)))).toMatchObject({ met: null });
  const wild = [0.8, 0.85, 0.99, 0.993, 1.1, 1.15].map((ratio) => aRound(ratio, 1));
  expect(told("--live", rowsOf(wild))).toMatchObject({ met: null });
  expect(goalsOf([], null).at(-1)).toMatchObject({ measured: null, met: null });
});

test("the table has each view and mode, and what the machine does by itself", () => {
  const views = { seconds: 2, loadBefore: 0, rows: rowsOf([aRound(0.9, 1.1)]) };
  const text = markdownOf({
    comparisons: [],
    goals: [],
    sampling: null,
    peers: [],
    nginx: null,
    ours: { name: "epoll" },
    settings: {},
    machine: { cpu: "", node: "", loadBefore: 0 },
    views,
  } as unknown as BenchmarkResult);
  expect(text).toContain("| `--live` | close | **90.0 %** (90.0 % to 90.0 %) | **100.0 %**");
  expect(text).toContain("| `--ui` | keep-alive | **100.0 %**");
  expect(text).toContain("| none | close | **110.0 %**");
});
