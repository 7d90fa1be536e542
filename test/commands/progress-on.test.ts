import { EventEmitter } from "node:events";
import { describe, expect, test } from "vitest";
import { LiveScreen, showsUnicode } from "../../src/commands/live-screen.js";
import { progressOn, stepProgressOn } from "../../src/commands/progress-on.js";
import { NO_PROGRESS, ProgressLine } from "../../src/commands/progress.js";
import type { Output, World } from "../../src/commands/world.js";
import type { BenchError } from "../../src/errors.js";

const NOTHING = { live: false, "no-live": false, quiet: false, verbose: false };

function world(change: {
  columns?: number | null;
  rows?: number;
  piped?: boolean;
  color?: boolean;
  env?: World["env"];
}): {
  world: World;
  said: string[];
} {
  const { columns = 100, rows = 30, piped = false, color = true, env = {} } = change;
  const said: string[] = [];
  const write = (text: string): boolean => said.push(text) > 0;
  const stderr: Output = { write, columns, rows: columns === null ? null : rows, color: color && columns !== null };
  const stream = Object.assign(new EventEmitter(), { getWindowSize: (): [number, number] => [columns ?? 0, rows] });
  const owner = Object.assign(new EventEmitter(), { pid: 1, kill: () => true });
  return {
    said,
    world: {
      program: "bench",
      cwd: "/",
      env,
      readLine: () => Promise.resolve(null),
      stdout: piped ? { ...stderr, columns: null } : stderr,
      stderr,
      terminal: columns === null ? null : { fd: 2, stream, owner },
      interrupted: new AbortController().signal,
      userId: 0,
    },
  };
}

describe("how progress is shown", () => {
  test.each([
    ["a terminal of 100 × 30", {}, true],
    ["one column fewer", { columns: 99 }, false],
    ["one row fewer", { rows: 29 }, false],
    ["no terminal", { columns: null }, false],
    ["a report that goes elsewhere", { piped: true }, false],
    ["NO_COLOR", { color: false }, false],
    ["CI", { env: { CI: "true" } }, false],
    ["TERM=dumb", { env: { TERM: "dumb" } }, false],
  ])("%s", (_, change, isLive) => {
    const { world: here, said } = world(change);
    expect(progressOn(here, NOTHING, "en")).toBeInstanceOf(isLive ? LiveScreen : ProgressLine);
    expect(progressOn(here, { ...NOTHING, "no-live": true }, "en")).toBeInstanceOf(ProgressLine);
    expect(progressOn(here, { ...NOTHING, verbose: true }, "en")).toBeInstanceOf(ProgressLine);
    expect(progressOn(here, { ...NOTHING, quiet: true }, "en")).toBe(NO_PROGRESS);
    expect(said).toEqual([]);
  });

  test("--live takes a smaller terminal, and one without colours", () => {
    for (const change of [{ columns: 60, rows: 15 }, { color: false }])
      expect(progressOn(world(change).world, { ...NOTHING, live: true }, "en")).toBeInstanceOf(LiveScreen);
  });

  test.each([[{ columns: null }], [{ piped: true }], [{ env: { CI: "1" } }], [{ env: { TERM: "dumb" } }]])(
    "--live where it cannot be had says why, and there is the line: %j",
    (change) => {
      const { world: here, said } = world(change);
      expect(progressOn(here, { ...NOTHING, live: true }, "en")).toBeInstanceOf(ProgressLine);
      expect(said).toHaveLength(1);
    },
  );

  test.each(["no-live", "quiet", "verbose"])("--live does not go with --%s", (other) => {
    const contradiction = (): unknown => progressOn(world({}).world, { ...NOTHING, live: true, [other]: true }, "en");
    expect(contradiction).toThrow(expect.objectContaining({ code: "bad-usage" }) as BenchError);
  });
});

test.each([
  ["of the usual size", { columns: 80, rows: 24 }, true],
  ["that is smaller", { columns: 59, rows: 24 }, false],
  ["without colours", { color: false }, false],
  ["that is none", { columns: null }, false],
] as const)("a step of a lesson on a terminal %s", (_, change, isLive) => {
  const { world: here, said } = world(change);
  const progress = stepProgressOn(here, { watch: ["lab"], foot: "Running it …" }, "en");
  expect(progress).toBeInstanceOf(isLive ? LiveScreen : ProgressLine);
  expect(said).toEqual(isLive ? [] : ["Running it …\n"]);
});

test.each([
  [{}, true],
  [{ LANG: "en_US.UTF-8" }, true],
  [{ LANG: "C.utf8" }, true],
  [{ LANG: "C" }, false],
  [{ LANG: "en_US.UTF-8", LC_ALL: "POSIX" }, false],
  [{ LC_ALL: "", LANG: "zh_CN.GB18030" }, false],
])("with %j a terminal shows Unicode: %j", (env, unicode) => {
  expect(showsUnicode(env)).toBe(unicode);
});
