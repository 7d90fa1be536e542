import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { LiveModel } from "../../src/live/model.js";
import { eventsOf } from "../../src/live/replay.js";
import type { LiveState } from "../../src/live/types.js";
import type { RunResult } from "../../src/result/types.js";
import { type Around, focusOf, paintRun } from "../../src/screen/painter.js";
import { Screen } from "../../src/screen/screen.js";
import type { Lens, Size } from "../../src/screen/types.js";
import { count } from "../../src/text/figures.js";
import { withoutEscapes } from "../../src/text/printable.js";
import { displayWidth } from "../../src/text/width.js";
import { specimens } from "../page/specimens.js";
import { Headless } from "./headless.js";

const ALL = specimens();
const AROUND: Around = {
  said: [],
  seen: new Set(),
  scenarios: 1,
  leftMs: null,
  isInterrupted: false,
  lens: null,
  color: false,
  unicode: true,
};
const ROOMY = { columns: 100, rows: 30 };

/** The state after a part of the events of a result. */
function stateAt(result: RunResult, part: number): LiveState {
  const model = new LiveModel();
  const events = [...eventsOf(result)];
  for (const event of events.slice(0, Math.ceil(events.length * part))) model.heard(event);
  return model.state;
}

/** What a terminal shows of it. */
async function onTerminal(state: LiveState, size: Size, change: Partial<Around> = {}): Promise<string> {
  const terminal = new Headless(size);
  const screen = new Screen(terminal, (now) => paintRun(state, now, { ...AROUND, ...change }), 0);
  screen.open();
  await terminal.settled();
  return `${terminal.lines.join("\n")}\n`;
}

describe("the screen of a run", () => {
  const half = stateAt(ALL["plain"]!, 0.45);

  test("on 100 × 30 shows who, how many, how fast, for how long, and what is expected", async () => {
    await expect(await onTerminal(half, ROOMY)).toMatchFileSnapshot("snapshots/close-100x30.txt");
  });

  test("on 80 × 24, in ASCII, without colour", async () => {
    const screen = await onTerminal(half, { columns: 80, rows: 24 }, { unicode: false });
    expect(screen).toMatch(/^[ -~\n]*$/u);
    await expect(screen).toMatchFileSnapshot("snapshots/close-80x24.ascii.txt");
  });

  test("has links and every host where there are more than the load's own", async () => {
    await expect(await onTerminal(stateAt(ALL["chain"]!, 1), ROOMY)).toMatchFileSnapshot("snapshots/chain-100x30.txt");
  });

  test("shows the figures of the model, and no other", () => {
    const { trial } = focusOf(half)!;
    const lines = paintRun(half, ROOMY, AROUND);
    const held = count(trial!.hosts.find(({ name }) => name === "server")!.timeWaits.last!.value);
    expect(lines.find((line) => line.startsWith(" TIME_WAIT   "))).toContain(held);
    expect(lines.find((line) => line.startsWith(" TIME_WAIT server"))).toContain(held);
    expect(lines.join("\n")).toContain(`${count(trial!.loads[0]!.rate.last!.value)} requests/s`);
  });

  test("colours nothing but what it says in words or figures anyhow", () => {
    const plain = paintRun(half, ROOMY, AROUND).map((line) => line.trimEnd());
    const colored = paintRun(half, ROOMY, { ...AROUND, color: true }).map((line) => withoutEscapes(line).trimEnd());
    expect(colored).toEqual(plain);
  });

  test("one scale holds for all variants: little beside much looks little", () => {
    const second = stateAt(ALL["plain"]!, 0.95);
    const { variant } = focusOf(second)!;
    expect(variant!.name).toBe("keep-alive");
    const lines = paintRun(second, ROOMY, AROUND);
    expect(lines.filter((line) => line.startsWith(" ESTABLISHED")).join("")).not.toContain("█");
  });

  test("says that it is interrupted, what was said beside, and which of several it is", () => {
    const change = { isInterrupted: true, said: ["building the client, once"], scenarios: 38 };
    const text = paintRun(half, ROOMY, { ...AROUND, ...change }).join("\n");
    expect(text).toContain("interrupted");
    expect(text).toContain("building the client, once");
    expect(text).toContain("1 of 38");
  });

  test("in a lesson has what its step is about, and what is done meanwhile", () => {
    const of = (watch: Lens["watch"]): string => {
      return paintRun(half, ROOMY, { ...AROUND, lens: { watch, foot: "Running it …" } }).join("\n");
    };
    const parts = [/p50 .+ {4}p99/u, /^ ESTABLISHED/mu, /^ TIME_WAIT server/mu, /^ requests\/s/mu, /^ p99/mu];
    const panes = ["figures", "lab", "time-wait", "rate", "latency"] as const;
    for (const [at, pane] of panes.entries())
      expect(parts.map((part) => part.test(of([pane])))).toEqual(parts.map((_, n) => n === at));
    expect(of([...panes])).toMatch(/\n\n Running it …$/u);
    // The answer is not told beforehand.
    expect(of([...panes])).not.toMatch(/expected|what happened/u);
  });

  test("begins before anything has", () => {
    expect(paintRun({ atMs: 0, runs: [] }, ROOMY, AROUND)).toHaveLength(1);
  });
});

test.each(Object.keys(ALL))("%s fits a screen of any size, at any time, and obeys nothing of its text", (name) => {
  const states = [0, 0.1, 0.5, 0.9, 1].map((part) => stateAt(ALL[name]!, part));
  const size = fc.record({ columns: fc.integer({ min: 1, max: 220 }), rows: fc.integer({ min: 1, max: 70 }) });
  fc.assert(
    fc.property(fc.constantFrom(...states.keys()), size, fc.boolean(), (at, { columns, rows }, unicode) => {
      const lines = paintRun(states[at]!, { columns, rows }, { ...AROUND, unicode });
      expect(lines.length).toBeLessThanOrEqual(Math.max(1, rows - 1));
      // Of a narrower one the screen cuts what is too long.
      const tooLong = lines.filter((line) => columns >= 60 && displayWidth(line) > columns - 1);
      expect(tooLong).toEqual([]);
      // oxlint-disable-next-line no-control-regex -- they are what is looked for
      expect(lines.join("")).not.toMatch(/[\u0000-\u001F\u202E]/u);
    }),
    { numRuns: 40 },
  );
});
