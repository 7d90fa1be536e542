import { expect, test } from "vitest";
import type { LoadColumns } from "../../src/result/types.js";
import type { CpuNow } from "./cpu-now.js";
import { goalsOf } from "./goals.js";
import { markdownOf } from "./markdown.js";
import { durationMsOf, isOnAt, type Pairs, pairsOf, rowsOf, type Shown } from "./views.js";
import type { BenchmarkResult } from "./types.js";

const shown = (part: number): Shown => ({ perSec: part, p50: 1, p99: 1 / part, cpu: 1 - (1 - part) / 2 });

/** Pairs in which the live screen changes the rate to these parts, in `close` mode. */
function pairsWith(live: number[], control: number): Pairs {
  const others = live.map(() => shown(1));
  const mode = (parts: number[]) => ({ close: parts.map(shown), "keep-alive": others });
  return { none: mode(live.map(() => control)), "--live": mode(live), "--ui": { close: others, "keep-alive": others } };
}

test("a view is judged by the median of its pairs, and not at all where the machine by itself differs as much", () => {
  const parts = [0.975, 0.977, 0.98, 0.98, 0.983, 0.985];
  const told = (view: string, pairs: Pairs) =>
    goalsOf([], null, { loadBefore: 0, rows: rowsOf(pairs) }).find(
      ({ name }) => name.includes(view) && name.includes("`close`"),
    )!;
  expect(told("--live", pairsWith(parts, 1))).toMatchObject({ measured: 0.98, met: false, spread: { of: 6 } });
  expect(told("--ui", pairsWith(parts, 1))).toMatchObject({ measured: 1, met: true });
  expect(told("--live", pairsWith(parts, 1.02))).toMatchObject({ measured: 0.98, met: null });
  // Of too few, or where the pairs themselves differ too much.
  expect(told("--live", pairsWith(parts.slice(0, 4), 1))).toMatchObject({ met: null });
  expect(told("--live", pairsWith([0.8, 0.85, 0.99, 0.993, 1.1, 1.15], 1))).toMatchObject({ met: null });
  expect(goalsOf([], null).at(-1)).toMatchObject({ measured: null, met: null });
});

/** Rows of 100 ms of a load that slows down by itself, and by a view while that is on. */
function columnsOf(pairs: number, part: number): LoadColumns {
  const atMs = Array.from({ length: durationMsOf(pairs) / 100 }, (_, row) => (row + 1) * 100);
  const perSec = atMs.map((at) => (20_000 - at / 10) * (isOnAt(at - 100) ? part : 1));
  return { atMs, perSec, p50Us: perSec.map((rate) => 1e6 / rate), p99Us: perSec.map((rate) => 5e6 / rate) };
}

/** Each period used 100 ms of CPU time, of which those who look took 2, and so many more while the view was on. */
function cpuOf(pairs: number, more: number): CpuNow[] {
  return Array.from({ length: pairs * 4 }, (_, period) => ({
    lookers: 2 + (isOnAt(1_000 + period * 900) ? more : 0),
    all: 100,
  }));
}

test("of a load with a view that is switched, the pairs tell the view's part, and not what changes evenly meanwhile", () => {
  const pairs = pairsOf(columnsOf(3, 0.9), cpuOf(3, 5), 3);
  expect(pairs).toHaveLength(3);
  for (const { perSec, p50, p99, cpu } of pairs) {
    expect(perSec).toBeCloseTo(0.9, 3);
    expect(p50).toBeCloseTo(1 / 0.9, 2);
    expect(p99).toBeCloseTo(p50, 6);
    expect(cpu).toBeCloseTo(0.95, 6);
  }
  for (const { perSec, cpu } of pairsOf(columnsOf(3, 1), cpuOf(3, 0), 3)) {
    expect(perSec).toBeCloseTo(1, 3);
    expect(cpu).toBe(1);
  }
});

test("a load that stood still in a window is no measure", () => {
  const still = columnsOf(1, 1);
  for (const column of [still.p50Us, still.p99Us]) column.fill(null, -9);
  expect(() => pairsOf(still, cpuOf(1, 0), 1)).toThrow(/made no request/u);
  expect(() => pairsOf(columnsOf(1, 1), cpuOf(2, 0), 2)).toThrow(/made no request/u);
});

test("the table has each view and mode, and what the machine does by itself", () => {
  const views = { loadBefore: 0, rows: rowsOf(pairsWith([0.9], 1.1)) };
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
  expect(text).toContain("| `--live` | close | 90.0 % (90 to 90) | 111.1 %");
  expect(text).toContain("| `--ui` | keep-alive | 100.0 %");
  expect(text).toContain("| none | close | 110.0 %");
});
