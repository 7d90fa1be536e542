import { type ChildProcess, fork } from "node:child_process";
import { readFileSync, readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { beforeAll, expect, onTestFinished, test } from "vitest";
import type { FromClient, LoadReport, ToClient } from "../../../src/client/types.js";
import { DEFAULTS } from "../../../src/scenario/parts/defaults.js";
import { BUILD_MS, builtClient } from "./load.js";
import { PLAN } from "../load.js";
import { answerAsAsked, startServer } from "../servers.js";

const MAIN = fileURLToPath(new URL("../../../dist/client/main.js", import.meta.url));

/** What a busy machine may need to start two processes. */
const SOON = { timeout: 10_000 };

beforeAll(builtClient, BUILD_MS);

/** The client's process with a load of the Go client that is under way. */
async function loadUnderWay(plan: Partial<typeof PLAN>): Promise<{ child: ChildProcess; told: FromClient[] }> {
  const server = await startServer(answerAsAsked);
  const child = fork(MAIN, { stdio: ["ignore", "inherit", "inherit", "ipc"] });
  onTestFinished(() => void child.kill("SIGKILL"));
  const told: FromClient[] = [];
  child.on("message", (message) => told.push(message as FromClient));
  const say = (message: ToClient): void => void child.send(message);
  const program = await builtClient();
  const go = { ...DEFAULTS.load.go, program };
  say({ type: "plan", plan: { ...PLAN, client: "go", go, ...plan }, target: server.target });
  await expect.poll(() => told.map(({ type }) => type), SOON).toEqual(["ready"]);
  expect(told[0]).toMatchObject({ clientName: expect.stringMatching(/^go \d+\.\d+/u) as string });
  expect(server.connections).toBe(0);
  say({ type: "go" });
  await expect.poll(() => server.heads.length, SOON).toBeGreaterThan(0);
  return { child, told };
}

/** The one process that it has started. */
function childOf(pid: number): string {
  const children = readdirSync(`/proc/${pid}/task`).flatMap((thread) =>
    readFileSync(`/proc/${pid}/task/${thread}/children`, "latin1").split(" ").filter(Boolean),
  );
  expect(children).toHaveLength(1);
  return children[0]!;
}

/** A process that has ended is gone, or waits as a zombie for whoever inherited it. */
function isRunning(pid: string): boolean {
  try {
    return !/^State:\s+Z/mu.test(readFileSync(`/proc/${pid}/status`, "latin1"));
  } catch {
    return false;
  }
}

test("loads, tells of its progress, and reports when it is told to stop; its child stays to be counted", async () => {
  const { child, told } = await loadUnderWay({ durationMs: 60_000 });
  const last = (): FromClient | undefined => told.at(-1);
  await expect.poll(() => told.some((m) => m.type === "progress" && m.progress.succeeded > 0), SOON).toBe(true);
  child.send({ type: "stop" } satisfies ToClient);
  await expect.poll(() => last()?.type, SOON).toBe("done");
  const { report } = last() as { report: LoadReport };
  expect(report.requests.sent).toBe(report.requests.succeeded + report.requests.failed);
  expect(isRunning(childOf(child.pid!))).toBe(true);
});

test.each(["a lost channel", "SIGKILL"])("its child ends with it, by %s", async (how) => {
  const { child } = await loadUnderWay({ durationMs: 60_000 });
  const pid = childOf(child.pid!);
  if (how === "SIGKILL") child.kill("SIGKILL");
  else child.disconnect();
  await expect.poll(() => isRunning(pid), SOON).toBe(false);
});

test("says so when its child is lost", async () => {
  const { child, told } = await loadUnderWay({ durationMs: 60_000 });
  process.kill(Number(childOf(child.pid!)), "SIGKILL");
  await expect.poll(() => told.at(-1)?.type, SOON).toBe("failed");
  expect(told.at(-1)).toMatchObject({ code: "client-died", message: "the Go client ended with SIGKILL" });
});
