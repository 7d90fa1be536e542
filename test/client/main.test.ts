import { type ChildProcess, fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import { describe, expect, onTestFinished, test } from "vitest";
import type { FromClient, LoadReport, ToClient } from "../../src/client/types.js";
import { CLOSE, PLAN, sum } from "./load.js";
import { answerAsAsked, startServer } from "./servers.js";

const MAIN = fileURLToPath(new URL("../../dist/client/main.js", import.meta.url));

interface Forked {
  child: ChildProcess;
  told: FromClient[];
  say(message: ToClient): void;
  /** The first message of that type, as soon as it has come. */
  hear<Type extends FromClient["type"]>(type: Type): Promise<Extract<FromClient, { type: Type }>>;
  /** Its exit code, or the signal's name. */
  exited: Promise<number | string>;
}

function forkClient(): Forked {
  const child = fork(MAIN, { stdio: ["ignore", "inherit", "inherit", "ipc"] });
  onTestFinished(() => void child.kill("SIGKILL"));
  const told: FromClient[] = [];
  child.on("message", (message) => told.push(message as FromClient));
  return {
    child,
    told,
    say: (message) => void child.send(message),
    hear: (type) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          const found = told.find((message) => message.type === type);
          if (found !== undefined) resolve(found as never);
        };
        child.on("message", look);
        child.on("exit", () => reject(new Error(`ended without a word of "${type}": ${JSON.stringify(told)}`)));
        look();
      }),
    exited: new Promise((resolve) => child.on("exit", (code, signal) => resolve(code ?? signal ?? ""))),
  };
}

function expectTrueBooks(report: LoadReport): void {
  expect(report.requests.sent).toBe(report.requests.succeeded + report.requests.failed);
  expect(sum(report.errors)).toBe(report.requests.failed);
  expect(sum(report.connections.closed)).toBe(report.connections.opened);
}

describe.each(["undici", "autocannon", "epoll"] as const)("a process with %s", (client) => {
  test("loads it, waits for go, and reports", async () => {
    const server = await startServer(answerAsAsked);
    const { say, hear, told } = forkClient();
    say({ type: "plan", plan: { ...PLAN, client, durationMs: 900 }, target: server.target });
    expect((await hear("ready")).clientName).toMatch(new RegExp(`^${client} \\d+\\.\\d+\\.\\d+$`, "u"));
    expect(server.connections).toBe(0);
    const before = Number(process.hrtime.bigint()) / 1e6;
    say({ type: "go" });
    const { report } = await hear("done");
    expectTrueBooks(report);
    expect(report.requests.failed).toBe(0);
    expect(report.requests.succeeded).toBe(server.heads.length);
    // On this process's clock too.
    expect(report.startedAtMs).toBeGreaterThan(before);
    expect(report.endedAtMs).toBeLessThan(Number(process.hrtime.bigint()) / 1e6);
    expect(report.timeline.atMs.slice(0, 3)).toEqual([100, 200, 300]);
    expect(report.connectHistogram).not.toBeNull();
    expect(told.filter(({ type }) => type === "progress").length).toBeGreaterThanOrEqual(2);
    expect(told.at(-1)?.type).toBe("done");
  });

  test("reports early when it is told to stop", async () => {
    const server = await startServer(answerAsAsked);
    const { say, hear, told } = forkClient();
    say({ type: "plan", plan: { ...PLAN, ...CLOSE, client, durationMs: 60_000 }, target: server.target });
    await hear("ready");
    say({ type: "go" });
    await hear("progress");
    say({ type: "stop" });
    const { report } = await hear("done");
    expectTrueBooks(report);
    expect(report.requests.succeeded).toBeGreaterThan(0);
    expect(told.filter(({ type }) => type === "done" || type === "failed")).toHaveLength(1);
  });

  test("ends at once when its channel is lost, in the middle of a load", async () => {
    const server = await startServer(answerAsAsked);
    const { child, say, hear, exited } = forkClient();
    say({ type: "plan", plan: { ...PLAN, client, durationMs: 60_000 }, target: server.target });
    await hear("ready");
    say({ type: "go" });
    await hear("progress");
    child.disconnect();
    expect(await exited).toBe(0);
  });
});

test("stays after its report, so that its CPU time can be read, until the channel is closed", async () => {
  const server = await startServer(answerAsAsked);
  const { child, say, hear, exited } = forkClient();
  say({ type: "plan", plan: { ...PLAN, requests: 5 }, target: server.target });
  await hear("ready");
  say({ type: "go" });
  await hear("done");
  expect(await Promise.race([exited, new Promise((resolve) => setTimeout(() => resolve("alive"), 200))])).toBe("alive");
  child.disconnect();
  expect(await exited).toBe(0);
});

test("fails, once, at a plan that its library refuses", async () => {
  const server = await startServer(answerAsAsked);
  const { say, hear, told } = forkClient();
  say({ type: "plan", plan: { ...PLAN, path: "no-slash" }, target: server.target });
  await hear("ready");
  say({ type: "go" });
  expect((await hear("failed")).message).toContain("path must be an absolute URL or start with a slash");
  expect(told.filter(({ type }) => type === "done" || type === "failed")).toHaveLength(1);
});

test("does nothing without a channel", async () => {
  const child = fork(MAIN, { stdio: ["ignore", "inherit", "inherit", "ipc"] });
  child.disconnect();
  expect(await new Promise((resolve) => child.on("exit", resolve))).toBe(0);
});
