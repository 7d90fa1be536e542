import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { get } from "node:http";
import { loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import type { RunResult } from "../../src/result/types.js";
import { root } from "./product.js";
import type { Mode } from "./types.js";
import { lineOf, type Round, rowsOf, type Shown, type ViewRows, VIEWS, type Way } from "./views.js";

const SCENARIO = "close-vs-keepalive";
const ADDRESS = /http:\/\/127\.0\.0\.1:\d+\/[0-9a-f]+\//u;
const WAYS: readonly Way[] = ["none", ...VIEWS, "control"];

export interface ViewOptions {
  pairs: number;
  seconds: number;
  signal: AbortSignal;
  tell(line: string): void;
}

export async function measureViews({ pairs, seconds, signal, tell }: ViewOptions): Promise<ViewRows> {
  const folder = mkdtempSync(join(tmpdir(), "time-wait-bench-views-"));
  const rounds: Round[] = [];
  const loadBefore = loadavg()[0]!;
  try {
    while (rounds.length < pairs && !signal.aborted) {
      const round: Partial<Round> = {};
      // There and back: what the machine does slowly by itself is on each side as often.
      for (const way of rounds.length % 2 === 0 ? WAYS : WAYS.toReversed())
        round[way] = await runWith(way, seconds, join(folder, "result.json"));
      rounds.push(round as Round);
      tell(`views, ${rounds.length} of ${pairs}: ${VIEWS.map((view) => lineOf(view, rounds.slice(-1))).join(" · ")}`);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return { seconds, loadBefore, rows: rounds.length === 0 ? [] : rowsOf(rounds) };
}

const ARGUMENTS: Record<Way, string> = {
  none: "--quiet",
  control: "--quiet",
  "--live": "--live",
  "--ui": "--quiet --ui",
};

async function runWith(way: Way, seconds: number, output: string): Promise<Record<Mode, Shown>> {
  const command =
    `stty cols 120 rows 40; exec "${process.execPath}" "${join(root(), "dist/cli.js")}" run ${SCENARIO} ` +
    `--duration ${seconds}s --output "${output}" ${ARGUMENTS[way]}`;
  // What is not there for users: no screen is drawn in CI, and no browser is to be opened here.
  const { CI: _ci, NO_COLOR: _color, DISPLAY: _x, WAYLAND_DISPLAY: _wayland, BROWSER: _browser, ...env } = process.env;
  const child = spawn("script", ["-qefc", command, "/dev/null"], {
    cwd: root(),
    env: { ...env, TERM: "xterm-256color", LANG: "C.UTF-8", SHELL: "/bin/sh" },
    stdio: ["pipe", "pipe", "inherit"],
  });
  let said = "";
  let isAsked = false;
  let isWatched = false;
  child.stdout.on("data", (chunk: Buffer) => {
    said = (said + chunk.toString()).slice(-10_000);
    const address = way === "--ui" && !isAsked ? ADDRESS.exec(said)?.[0] : undefined;
    if (address === undefined) return;
    isAsked = true;
    // A viewer that reads all, without the work of drawing: that is the browser's, on whatever machine it is.
    get(`${address}s`, (stream) => {
      stream.on("error", () => {}).on("data", () => (isWatched ||= stream.statusCode === 200));
    }).on("error", () => {});
  });
  const code = await new Promise<number | null>((resolve, reject) => child.on("error", reject).on("close", resolve));
  // 1: an expectation does not hold, which says nothing of what was measured.
  if ((code !== 0 && code !== 1) || (way === "--ui" && !isWatched))
    throw new Error(`bench run ${ARGUMENTS[way]} failed: ${said.slice(-500)}`);
  return shownBy(JSON.parse(readFileSync(output, "utf8")) as RunResult);
}

function shownBy({ variants }: RunResult): Record<Mode, Shown> {
  const of = (mode: Mode): Shown => {
    const { requests, latencyUs } = variants[mode]!.median!;
    return { perSec: requests.perSec!, p50: latencyUs!.p50, p99: latencyUs!.p99 };
  };
  return { close: of("close"), "keep-alive": of("keep-alive") };
}
