import fc from "fast-check";
import { describe, expect, test, vi } from "vitest";
import { Screen } from "../../src/screen/screen.js";
import { Headless } from "./headless.js";

const SIZE = { columns: 40, rows: 8 };

/** A screen whose frames come at once, and what it shows next. */
function screenOn(terminal: Headless): { screen: Screen; show: (...lines: string[]) => void } {
  let shown: readonly string[] = [];
  const screen = new Screen(terminal, () => shown, 0);
  return {
    screen,
    show: (...lines) => {
      shown = lines;
      screen.refresh();
    },
  };
}

async function withPrompt(): Promise<Headless> {
  const terminal = new Headless(SIZE);
  terminal.write(Buffer.from("$ bench run\r\n"));
  await terminal.settled();
  terminal.writes.length = 0;
  return terminal;
}

describe("a screen", () => {
  test("shows its lines, and leaves the terminal as it was", async () => {
    const terminal = await withPrompt();
    const { screen, show } = screenOn(terminal);
    const before = [terminal.lines, terminal.cursor];
    show("not yet");
    expect(terminal.writes).toEqual([]);
    screen.open();
    show("one", "two");
    await terminal.settled();
    expect([terminal.buffer, terminal.lines.slice(0, 3)]).toEqual(["alternate", ["one", "two", ""]]);
    screen.close();
    screen.close();
    await terminal.settled();
    expect([terminal.lines, terminal.cursor]).toEqual(before);
    expect([terminal.buffer, terminal.isListenedTo, terminal.scrolledAway]).toEqual(["normal", false, 0]);
    expect(terminal.writes.at(-1)).toContain("\u001b[?25h\u001b[?1049l");
    const { length } = terminal.writes;
    show("too late");
    expect(terminal.writes).toHaveLength(length);
  });

  test("writes only the lines that changed, in one write, and nothing when none did", async () => {
    const terminal = await withPrompt();
    const { screen, show } = screenOn(terminal);
    screen.open();
    show("one", "two", "three");
    terminal.writes.length = 0;
    show("one", "2", "three");
    show("one", "2", "three");
    expect(terminal.writes).toEqual(["\u001b[?2026h\u001b[2;1H2\u001b[m\u001b[K\u001b[?2026l"]);
    show("one");
    await terminal.settled();
    expect(terminal.lines.join("")).toBe("one");
  });

  test("never writes to the last column or row, and what text says is never obeyed", async () => {
    const terminal = await withPrompt();
    const { screen, show } = screenOn(terminal);
    screen.open();
    const long = "\u001b[31mx\u001b[39m".repeat(50);
    show(
      long,
      "漢".repeat(30),
      "a\u001b[2Jb\r\nc\u0007\u001b]0;title\u0007",
      ...Array.from({ length: 20 }, (_, at) => `${at}`),
    );
    await terminal.settled();
    expect(terminal.lines[0]).toBe("x".repeat(39));
    expect(terminal.lines[1]).toBe("漢".repeat(19));
    expect(terminal.lines[2]).toBe("a�[2Jb��c��]0;title�");
    expect(terminal.lines.slice(3)).toEqual(["0", "1", "2", "3", ""]);
    expect(terminal.cells[0]).toContain("x1|x1");
    expect(terminal.cells[2]).not.toMatch(/[^ -]1\|/u);
  });

  test("is drawn ten times a second at most", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });
    try {
      let frames = 0;
      const screen = new Screen(new Headless(SIZE), () => [`${frames++}`]);
      screen.open();
      for (let ms = 0; ms < 1000; ms++) {
        screen.refresh();
        vi.advanceTimersByTime(1);
      }
      expect(frames).toBeGreaterThanOrEqual(10);
      expect(frames).toBeLessThanOrEqual(11);
      screen.close();
      vi.advanceTimersByTime(1000);
      expect(frames).toBeLessThanOrEqual(11);
    } finally {
      vi.useRealTimers();
    }
  });

  test("is given back while the process is stopped, and drawn anew in whatever size it finds", async () => {
    const terminal = await withPrompt();
    const { screen, show } = screenOn(terminal);
    screen.open();
    show("one", "two");
    terminal.tells.left();
    terminal.tells.left();
    await terminal.settled();
    expect(terminal.buffer).toBe("normal");
    const { length } = terminal.writes;
    show("while away");
    expect(terminal.writes).toHaveLength(length);
    terminal.isOurs = false;
    terminal.tells.returned();
    expect(terminal.writes).toHaveLength(length);
    terminal.isOurs = true;
    await terminal.resize({ columns: 20, rows: 4 });
    terminal.tells.returned();
    await terminal.settled();
    expect([terminal.buffer, terminal.lines[0]]).toEqual(["alternate", "while away"]);
    screen.close();
    await terminal.settled();
    expect(terminal.buffer).toBe("normal");
  });

  test("skips frames on a terminal that does not take them, and shows the newest when it does", async () => {
    const terminal = await withPrompt();
    const { screen, show } = screenOn(terminal);
    screen.open();
    terminal.takes = 5;
    show("one", "two");
    terminal.takes = 0;
    for (let frame = 0; frame < 100; frame++) show(`frame ${frame}`);
    terminal.takes = Infinity;
    await vi.waitFor(async () => {
      await terminal.settled();
      expect(terminal.lines.slice(0, 2)).toEqual(["frame 99", ""]);
    });
    expect(terminal.writes.join("")).not.toContain("frame 50");
    terminal.takes = 5;
    show("cut off in the middle of a sequence");
    screen.close();
    await terminal.settled();
    expect(terminal.buffer).toBe("normal");
    expect(terminal.lines[0]).toBe("$ bench run");
  });
});

const line = fc.oneof(
  fc.constantFrom("", "one", "a longer line than that", "漢字かな", "\u001b[31mred\u001b[39m", "█▇▆▅ ▏", "e\u0301"),
  fc.string({ maxLength: 60, unit: "grapheme-composite" }),
  fc
    .array(fc.constantFrom("\u001b[1m", "\u001b[22m", "\u001b[33m", "\u001b[39m", "x", "漢"), { maxLength: 60 })
    .map((parts) => parts.join("")),
);
const frame = fc.array(line, { maxLength: 14 });
const step = fc.oneof(
  { weight: 4, arbitrary: fc.record({ frame }) },
  {
    weight: 1,
    arbitrary: fc.record({
      size: fc.record({ columns: fc.integer({ min: 1, max: 60 }), rows: fc.integer({ min: 1, max: 12 }) }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ away: fc.boolean() }) },
);

test("after any frames, resizes and stops, the terminal shows what one frame on an empty one would", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 12 }), async (steps) => {
      const terminal = new Headless(SIZE);
      const { screen, show } = screenOn(terminal);
      screen.open();
      let shown: string[] = [];
      for (const one of steps) {
        if ("frame" in one) show(...(shown = one.frame));
        else if ("size" in one) await terminal.resize(one.size);
        else {
          if (one.away) terminal.tells.left();
          terminal.tells.returned();
        }
      }
      await terminal.settled();
      const fresh = new Headless(terminal.size);
      const whole = screenOn(fresh);
      whole.screen.open();
      whole.show(...shown);
      await fresh.settled();
      expect(terminal.cells).toEqual(fresh.cells);
      expect(terminal.buffer).toBe("alternate");
      screen.close();
      await terminal.settled();
      expect([terminal.buffer, terminal.scrolledAway]).toEqual(["normal", 0]);
    }),
    { numRuns: 60 },
  );
});
