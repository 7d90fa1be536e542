import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import type { RunResult } from "../../src/result/types.js";
import { runBench, startBench } from "../support/bench.js";
import { leftovers } from "../support/leftovers.js";
import { temporaryFolder } from "../support/temporary.js";
import { machineState } from "./machine.js";

const KILLS = 20;
/** From before the first host stands to the middle of the second variant. */
const LATEST_KILL_MS = 2_500;

test("kill -9 at random moments, twenty times: no process, no namespace, no half-written result", async () => {
  const before = machineState();
  const cwd = temporaryFolder();
  for (let kill = 0; kill < KILLS; kill++) {
    const file = join(cwd, `${kill}.json`);
    const running = startBench(["run", "close-vs-keepalive", "--duration", "800ms", "--output", file], { cwd });
    const after = Math.random() * LATEST_KILL_MS;
    await new Promise((resolve) => setTimeout(resolve, after));
    running.kill("SIGKILL");
    await running.finished;
    await vi.waitFor(() => expect(leftovers(running.mark), `killed after ${after} ms`).toEqual([]), {
      timeout: 5_000,
      interval: 20,
    });
    // Whole, whatever it holds: all of the run, or the trials until then.
    if (existsSync(file))
      expect((JSON.parse(readFileSync(file, "utf8")) as RunResult).status).toMatch(/^(?:complete|interrupted)$/u);
  }
  expect(machineState()).toEqual(before);
  // One more run clears what a kill between writing and renaming would have left.
  await runBench(["run", "who-closes", "--quiet", "--output", join(cwd, "last.json")], { cwd });
  expect(readdirSync(cwd).filter((name) => !/^(?:\d+|last)\.json$/u.test(name))).toEqual([]);
});

/** Among the hosts on which something of the run is under way. */
function mostTimeWait(mark: string): number {
  const counts = leftovers(mark).map(({ pid }) => {
    try {
      return Number(/ tw (\d+)/u.exec(readFileSync(`/proc/${pid}/net/sockstat`, "latin1"))?.[1] ?? 0);
    } catch {
      return 0;
    }
  });
  // The conductor's own network is the machine's.
  const own = Number(/ tw (\d+)/u.exec(readFileSync("/proc/self/net/sockstat", "latin1"))?.[1] ?? 0);
  return Math.max(0, ...counts.filter((count) => count !== own));
}

test.each(["SIGINT", "SIGTERM"] as const)(
  "%s ends the run in order: what was measured is saved, exit code 130",
  async (signal) => {
    const cwd = temporaryFolder();
    const running = startBench(["run", "close-vs-keepalive", "--duration", "30s", "--output", "r.json"], { cwd });
    // Under load once the server's host holds TIME_WAIT, however long a busy machine takes to get there.
    await vi.waitFor(() => expect(mostTimeWait(running.mark)).toBeGreaterThan(100), { timeout: 30_000 });
    running.kill(signal);
    const run = await running.finished;
    expect(run.exitCode).toBe(130);
    expect(leftovers(run.mark)).toEqual([]);
    const result = JSON.parse(readFileSync(join(cwd, "r.json"), "utf8")) as RunResult;
    expect(result.status).toBe("interrupted");
    const [trial] = result.variants["close"]!.trials;
    expect(trial).toMatchObject({ status: "interrupted" });
    expect(trial!.requests.succeeded).toBeGreaterThan(0);
    expect(trial!.timeWait!.server!.created).toBeGreaterThan(0);
    expect(result.variants["keep-alive"]!.trials).toEqual([]);
    expect(run.stdout).toMatch(/interrupted/iu);
  },
);

test("Ctrl-C before the load leaves nothing behind either", async () => {
  const cwd = temporaryFolder();
  const running = startBench(["run", "close-vs-keepalive", "--output", "r.json"], { cwd });
  await new Promise((resolve) => setTimeout(resolve, 180));
  running.kill("SIGINT");
  const run = await running.finished;
  expect(run.exitCode === 130 || run.signal === "SIGINT").toBe(true);
  expect(leftovers(run.mark)).toEqual([]);
});

test("a host that is lost in the middle of the load ends the run with exit code 3, and nothing stays behind", async () => {
  const cwd = temporaryFolder();
  const running = startBench(["run", "close-vs-keepalive", "--duration", "20s", "--output", "r.json"], { cwd });
  await vi.waitFor(() => expect(leftovers(running.mark).length).toBeGreaterThan(6), { timeout: 10_000 });
  await new Promise((resolve) => setTimeout(resolve, 1_000));
  const agent = leftovers(running.mark).find(({ command }) => /^\S*node \S*agent\.js /u.test(command));
  process.kill(agent!.pid, "SIGKILL");
  const run = await running.finished;
  expect(run.exitCode).toBe(3);
  expect(run.stderr).toMatch(/^error: /mu);
  expect((JSON.parse(readFileSync(join(cwd, "r.json"), "utf8")) as RunResult).status).toBe("failed");
  expect(leftovers(run.mark)).toEqual([]);
});

test("Ctrl-C ends bench doctor at once, and nothing stays behind", async () => {
  const run = await runBench(["doctor"], { signalAfter: { signal: "SIGINT", after: /node/u } });
  expect(run.exitCode).toBe(130);
  await vi.waitFor(() => expect(leftovers(run.mark)).toEqual([]), { timeout: 2_000 });
});
