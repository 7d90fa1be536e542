import { execFileSync, spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import type { Arrangement, Kind, Signal, Stage } from "./arrangements.js";
import { SERVICE } from "./service.js";

/** What a signal to one process at one stage came to. */
export interface Cell {
  /** null when it was killed, as after `LONGEST_MS`. */
  exitCode: number | null;
  /** From the signal to the end of the run. */
  tookMs: number;
  /** The error that the run told. */
  said: string;
  /** Processes and temporary files that were left. */
  left: string[];
  /** What is wrong with it; null for a good one. */
  fault: string | null;
}

/** So long a run may take to end after the signal, however busy the machine is. */
export const LONGEST_MS = 35_000;
const LONGEST_TO_STAGE_MS = 60_000;
const READY_MS = 2_500;
const WARM_UP_MS = 20_000;
const LOAD_MS = 20_000;
const DRAINED_LOAD_MS = 1_000;
const LOOK_EVERY_MS = 5;
const EXIT_INCOMPLETE = 3;
const MARK = "TIME_WAIT_BENCH_SWEEP";

export async function tryCell(
  cli: string,
  arrangement: Arrangement,
  { kind, stage, signal }: { kind: Kind; stage: Stage; signal: Signal },
): Promise<Cell> {
  const folder = mkdtempSync(join(tmpdir(), "sweep-"));
  try {
    return await inFolder(folder, cli, arrangement, { kind, stage, signal });
  } finally {
    for (const { pid } of running(folder)) kill(pid, "SIGKILL");
    rmSync(folder, { recursive: true, force: true });
  }
}

async function inFolder(
  folder: string,
  cli: string,
  arrangement: Arrangement,
  { kind, stage, signal }: { kind: Kind; stage: Stage; signal: Signal },
): Promise<Cell> {
  const temporary = join(folder, "tmp");
  mkdirSync(temporary);
  const args = [cli, "run", ...scenario(folder, arrangement, stage), "--quiet", "--output", join(folder, "r.json")];
  const bench = spawn(process.execPath, args, {
    cwd: folder,
    env: { ...process.env, [MARK]: folder, SWEEP_FOLDER: folder, TMPDIR: temporary },
    stdio: ["ignore", "ignore", "pipe"],
  });
  let stderr = "";
  bench.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
  const ended = new Promise<number | null>((resolve) => bench.once("close", resolve));
  const target = await Promise.race([reach(stage, kind, folder), ended.then(() => null)]);
  const bad = (fault: string): Cell => ({ exitCode: null, tookMs: 0, said: stderr.trim(), left: [], fault });
  if (target === null) {
    bench.kill("SIGKILL");
    return bad(`the process was not found at this stage: ${stderr.trim().replaceAll("\n", " ").slice(0, 300)}`);
  }
  kill(target, signal);
  const since = performance.now();
  const late = setTimeout(() => bench.kill("SIGKILL"), LONGEST_MS);
  const exitCode = await ended;
  clearTimeout(late);
  const tookMs = performance.now() - since;
  // An agent that has lost its line needs a moment to end; what is stopped would stay.
  await until(() => running(folder).length === 0, 2_000);
  const left = [...running(folder).map(({ command }) => command), ...readdirSync(temporary)];
  const said = /^error: (?<sentence>.*)/mu.exec(stderr)?.groups?.["sentence"] ?? "";
  // After the load a process of which nothing more is asked takes nothing away from a run that is complete; but what
  // becomes of connections is the server's doing until the last reading.
  const mayComplete = stage === "draining" && kind.name !== "server";
  return { exitCode, tookMs, said, left, fault: faultOf({ exitCode, tookMs, said, left }, mayComplete) };
}

function faultOf({ exitCode, tookMs, said, left }: Omit<Cell, "fault">, mayComplete: boolean): string | null {
  if (tookMs >= LONGEST_MS) return `it hung for ${LONGEST_MS / 1_000} s`;
  if (left.length > 0) return `left behind: ${left.join(", ")}`;
  if (mayComplete && exitCode === 0) return null;
  if (exitCode !== EXIT_INCOMPLETE) return `exit code ${exitCode}`;
  return said === "" ? "no sentence" : null;
}

/** Writes what is run into the folder. @returns the arguments that name it */
function scenario(folder: string, { lab, load, args, revisions }: Arrangement, stage: Stage): string[] {
  const service = join(folder, "service.mjs");
  writeFileSync(service, SERVICE);
  const drains = stage === "draining";
  const document = {
    title: "sweep",
    lab,
    server: {
      kind: "command",
      command: `${process.execPath} ${revisions ? "service.mjs" : service} {host} {port} ${READY_MS} ${drains ? "restless" : ""}`,
      port: 18_080,
      ready: { line: "^ready$" },
      readyTimeout: "30s",
    },
    load: {
      client: "undici",
      connections: 5,
      duration: `${drains ? DRAINED_LOAD_MS : LOAD_MS}ms`,
      timeout: "60s",
      ...(stage === "warming up" ? { warmup: `${WARM_UP_MS}ms` } : {}),
      ...load,
    },
    variants: { only: {} },
  };
  writeFileSync(join(folder, "sweep.yaml"), JSON.stringify(document).replaceAll("{service}", service));
  if (!revisions) return ["sweep.yaml", ...args];
  const git = (...words: string[]): void =>
    void execFileSync("git", ["-c", "user.name=s", "-c", "user.email=s@s", ...words], { cwd: folder, stdio: "ignore" });
  git("init");
  git("add", "service.mjs", "sweep.yaml");
  git("commit", "-m", "one");
  git("commit", "--allow-empty", "-m", "two");
  return ["sweep.yaml", "--base-ref", "HEAD~1", "--build", "sleep 2; true", ...args];
}

/** Waits until the run is so far. @returns the process; null when there is none */
async function reach(stage: Stage, kind: Kind, folder: string): Promise<number | null> {
  const find = (command: RegExp): number | undefined => running(folder).find((one) => command.test(one.command))?.pid;
  // It is looked for first: on a busy machine the look takes longer than the stage.
  const found = async (longestMs: number): Promise<number | null> => {
    let pid: number | undefined;
    await until(() => (pid = find(kind.command)) !== undefined, longestMs);
    return pid ?? null;
  };
  if (stage === "starting") return found(LONGEST_TO_STAGE_MS);
  if (stage === "ready") {
    // Everything stands, and waits for the server to say that it is ready.
    await until(() => find(/dist\/client\/main\.js/u) !== undefined, LONGEST_TO_STAGE_MS);
    return found(READY_MS / 2);
  }
  await until(() => existsSync(join(folder, "asked")), LONGEST_TO_STAGE_MS);
  const since = performance.now();
  const pid = await found(1_000);
  // The load is over after its time, and its connections have a second to settle.
  const after = stage === "draining" ? DRAINED_LOAD_MS + 300 : 500;
  await pause(Math.max(0, since + after - performance.now()));
  return pid;
}

async function until(reached: () => boolean, longestMs: number): Promise<void> {
  for (const deadline = performance.now() + longestMs; !reached() && performance.now() < deadline;)
    await pause(LOOK_EVERY_MS);
}

/** Living processes of the run, wherever they live. */
function running(folder: string): { pid: number; command: string }[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/u.test(name) && Number(name) !== process.pid)
    .filter((pid) => read(`/proc/${pid}/environ`).split("\0").includes(`${MARK}=${folder}`))
    .map((pid) => ({ pid: Number(pid), command: read(`/proc/${pid}/cmdline`).replaceAll("\0", " ").trim() }));
}

function read(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}

function kill(pid: number, signal: Signal): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It has ended meanwhile.
  }
}
