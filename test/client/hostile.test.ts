import { fork, spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, onTestFinished, test } from "vitest";
import type { FromClient, LoadReport, ToClient } from "../../src/client/types.js";
import { DEFAULTS } from "../../src/scenario/parts/defaults.js";
import type { ClientKind, GoProgram, LoadPlan } from "../../src/scenario/types.js";
import { BUILD_MS, builtClient } from "./go/load.js";
import { PLAN, sum } from "./load.js";

const MAIN = fileURLToPath(new URL("../../dist/client/main.js", import.meta.url));
const SERVER = fileURLToPath(new URL("../fixtures/hostile.mjs", import.meta.url));
/** Without a limit of its own a load's end would wait for its requests: far longer than a test may take. */
const TIMEOUT_MS = 120_000;

/** Told to stop, a load waits less than at the end of its time: of all but the first that is tried. */
const ENDLESS = ["endless chunks", "flood of 1xx", "endless head"] as const;
const UNASKED = ["flood of answers", "a second answer later"] as const;
/** What is tried is slow where the machine is busy with other tests. */
const LONG_MS = 60_000;

let program: GoProgram;
beforeAll(async () => {
  program = await builtClient();
}, BUILD_MS);

/** A server in a process of its own: one that shares ours would slow down with the client that it floods. */
async function hostileServer(manner: string): Promise<number> {
  const server = spawn(process.execPath, [SERVER, manner], { stdio: ["ignore", "pipe", "inherit"] });
  onTestFinished(() => void server.kill("SIGKILL"));
  return new Promise((resolve) => server.stdout.once("data", (line: Buffer) => resolve(Number(line.toString()))));
}

/** Its books have to be true, however its server treats it. */
async function reportOf(client: ClientKind, manner: string, ends: "by its time" | "told to"): Promise<LoadReport> {
  const port = await hostileServer(manner);
  const child = fork(MAIN, { stdio: ["ignore", "inherit", "inherit", "ipc"] });
  onTestFinished(() => void child.kill("SIGKILL"));
  const say = (message: ToClient): void => void child.send(message);
  let told = 0;
  const end = new Promise<FromClient>((resolve) => {
    child.on("message", (received) => {
      const message = received as FromClient;
      if (message.type === "done" || message.type === "failed") resolve(message);
      if (message.type === "ready") say({ type: "go" });
      if (message.type === "progress" && ends === "told to" && ++told === 2) say({ type: "stop" });
    });
  });
  const durationMs = ends === "by its time" ? 1_000 : TIMEOUT_MS;
  const plan: LoadPlan = { ...PLAN, client, connections: 4, durationMs, timeoutMs: TIMEOUT_MS };
  if (client === "go") plan.go = { ...DEFAULTS.load.go, program };
  say({ type: "plan", plan, target: { host: "127.0.0.1", port } });
  const last = await end;
  if (last.type !== "done") throw new Error(`${manner}: ${JSON.stringify(last)}`);
  expect(last.report.requests.sent).toBeGreaterThan(0);
  expect(last.report.requests.sent).toBe(last.report.requests.succeeded + last.report.requests.failed);
  expect(sum(last.report.errors)).toBe(last.report.requests.failed);
  expect(sum(last.report.connections.closed)).toBe(last.report.connections.opened);
  expect(sum(last.report.closings!.causes)).toBe(last.report.connections.opened);
  return last.report;
}

describe.each(["epoll", "undici", "autocannon", "go"] as const)("the client %s", (client) => {
  test(
    "comes to its end, by its time or told to, though its server sends without an end",
    { timeout: LONG_MS },
    async () => {
      for (const manner of ENDLESS) {
        const { requests } = await reportOf(client, manner, manner === ENDLESS[0] ? "by its time" : "told to");
        expect(requests.succeeded).toBe(0);
      }
    },
  );

  test("is not ended by answers that it did not ask for", { timeout: LONG_MS }, async () => {
    for (const manner of UNASKED)
      for (const kind of Object.keys((await reportOf(client, manner, "told to")).errors))
        expect(["malformed-response", "unfinished"]).toContain(kind);
  });
});
