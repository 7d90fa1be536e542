import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { createServer as createHttpServer } from "node:http";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import type { RunResult } from "../../src/result/types.js";
import { runBench } from "../support/bench.js";
import { benchHere, type RunHere } from "../support/here.js";
import { leftovers } from "../support/leftovers.js";
import { temporaryFolder } from "../support/temporary.js";
import { withoutGo } from "./without-go.js";

const HELLO = `
const [port, diesAfter] = process.argv.slice(2).map(Number);
let answered = 0;
require("node:http").createServer((_, response) => {
  response.end("hi");
  if (++answered === diesAfter) { console.log("that was too much"); process.exit(7); }
}).listen(port, () => console.log("listening on " + port));
`;

/** A scenario with a server of kind `command`, in a folder with a small server to run. */
async function runCommand(
  server: Record<string, unknown>,
  args: readonly string[] = [],
): Promise<RunHere & { result: RunResult }> {
  const cwd = temporaryFolder();
  writeFileSync(join(cwd, "hello.cjs"), HELLO);
  mkdirSync(join(cwd, "inner"));
  writeFileSync(
    join(cwd, "silent.cjs"),
    "require('node:net').createServer((socket) => socket.on('error', () => {})).listen(process.argv[2]);",
  );
  const scenario = {
    title: "a command",
    server: { kind: "command", port: 8080, readyTimeout: "3s", ...server },
    load: { connection: "close", connections: 3, requests: 23 },
    variants: { only: {} },
  };
  writeFileSync(join(cwd, "command.yaml"), JSON.stringify(scenario));
  const run = await benchHere(["run", "command.yaml", "--output", "r.json", ...args], { cwd });
  expect(leftovers(run.mark)).toEqual([]);
  return { ...run, result: JSON.parse(readFileSync(join(cwd, "r.json"), "utf8")) as RunResult };
}

test.each([
  ["a TCP connect", "tcp"],
  ["an HTTP answer", { http: "/" }],
  ["a line of its output", { line: "^listening on \\d+$" }],
])("any program can be the server, ready by %s; the readiness leaves no TIME_WAIT", async (_by, ready) => {
  const { result, stderr } = await runCommand({ command: `exec node hello.cjs {port}`, ready });
  expect(stderr).not.toContain("error");
  expect(result.status).toBe("complete");
  const [trial] = result.variants["only"]!.trials;
  // It listens on `::`, so its sockets are in the IPv6 table.
  expect(trial!.timeline.server!.table.time_wait.at(-1)).toBe(23);
  expect(trial!.timeWait!.server).toEqual({ created: 23, peak: 23, end: 23 });
  expect(trial!.timeline.server!.time_wait[0]).toBe(0);
  expect(trial!.cpu.server).not.toBeNull();
});

test("a server that ends before it is ready: exit code 3, and its last words", async () => {
  const run = await runCommand({ command: "echo no licence for {host}:{port}; exit 4" });
  expect(run.exitCode).toBe(3);
  expect(run.result).toMatchObject({ status: "failed", error: { code: "server-died" } });
  expect(run.stderr).toMatch(/^error: the server ended before it was ready \(exit code 4\)/mu);
  expect(run.stderr).toContain("| no licence for 198.18.0.1:8080");
  expect(run.stderr).toMatch(/^hint: /mu);
});

test.each([
  ["bind() to 198.18.0.1:8080 failed (98: Address already in use)", /^hint: Its port is taken/mu],
  ["bind() to unix:status.sock failed (98: Address already in use)", /^hint: A socket in the file system is left/mu],
])("a server that cannot listen (%s): the hint is about the place that is taken", async (line, hint) => {
  const { stderr } = await runCommand({ command: `echo '${line}'; exit 1` });
  expect(stderr).toMatch(hint);
});

test("a server that is never ready: exit code 3 after its time, and its last words", async () => {
  const run = await runCommand({ command: "echo still loading; sleep 600", readyTimeout: "500ms" });
  expect(run.exitCode).toBe(3);
  expect(run.result).toMatchObject({ status: "failed", error: { code: "server-not-ready" } });
  expect(run.stderr).toContain("| still loading");
});

test.each([
  [
    "on loopback alone",
    `exec node -e 'require("http").createServer().listen({port}, "127.0.0.1")'`,
    /it listens on 127\.0\.0\.1:8080 \(node\)[^]*^hint: It listens on 127\.0\.0\.1; .*\{host\}/mu,
  ],
  [
    "on another port",
    `exec node -e 'require("http").createServer().listen(3000)'`,
    /it listens on \[::\]:3000 \(node\)[^]*^hint: It listens on port 3000 instead of 8080: set server\.port/mu,
  ],
  ["nowhere", "exec sleep 60", /it listens on no port; it printed nothing[^]*^hint: Give it more time/mu],
  [
    "in the background",
    `node hello.cjs 3000 > /dev/null & sleep 1`,
    /ended before it was ready \(exit code 0\), and left a program behind; it listens on \[::\]:3000[^]*^hint: Keep it in the foreground/mu,
  ],
])("a server that listens %s is told so, and what to change: exit code 3", async (_where, command, said) => {
  const run = await runCommand({ command, readyTimeout: "2s" });
  expect(run.exitCode).toBe(3);
  expect(run.stderr).toMatch(said);
});

test("a command runs in the folder of its file, with its own environment, and the shell's variables are the shell's", async () => {
  const env = { PLACE: "{host}:{port}", TEXT: "a 'b' \"c\"" };
  const command = 'host=mine; echo "$PWD $PLACE ${host} $TEXT"; exec node ../hello.cjs {port}';
  const { result, stderr } = await runCommand({ command, cwd: "inner", env, ready: { line: "^listening" } });
  expect(stderr).not.toContain("error");
  expect(result.status).toBe("complete");
  const { stderr: said } = await runCommand({
    command: `${command} 1; exit 9`,
    cwd: "inner",
    env,
    readyTimeout: "10s",
  });
  expect(said).toMatch(/inner 198\.18\.0\.1:8080 mine a 'b' "c"$/mu);
});

test("a server that dies under load: exit code 3, and what was measured until then is kept", async () => {
  const run = await runCommand({ command: "exec node hello.cjs {port} 100" }, ["--set", "load.requests=null"]);
  expect(run.exitCode).toBe(3);
  expect(run.result).toMatchObject({ status: "failed", error: { code: "server-died" } });
  expect(run.stderr).toContain("| that was too much");
  const [trial] = run.result.variants["only"]!.trials;
  expect(trial!.status).toBe("failed");
  expect(trial!.requests.succeeded).toBeGreaterThan(90);
  expect(trial!.requests.sent).toBe(trial!.requests.succeeded! + trial!.requests.failed!);
});

test.each([
  ["lines", "yes 'one more line of a chatty server'"],
  ["bytes without a line end", "tr '\\0' x </dev/zero"],
])("a server that floods its output with %s is measured like any other", async (_what, flood) => {
  const run = await runCommand({ command: `${flood} & exec node hello.cjs {port}` });
  expect(run.result.status).toBe("complete");
  expect(run.result.variants["only"]!.median!.timeWait!.server!.created).toBe(23);
});

test("a command that there is not: exit code 3 and a hint", async () => {
  const run = await runCommand({ command: "no-such-server {port}" });
  expect(run.exitCode).toBe(3);
  expect(run.stderr).toMatch(/hint: .*not found/u);
});

test("a load of which nothing was answered is no run: exit code 3, with what was counted", async () => {
  const run = await runCommand({ command: "exec node silent.cjs {port}" }, ["--set", "load.timeout=100ms"]);
  expect(run.exitCode).toBe(3);
  expect(run.stderr).toMatch(/^error: none of the 23 requests of only was answered \(ETIMEDOUT 23\)\nhint: /mu);
  expect(run.result.variants["only"]!.trials[0]!.errors).toEqual({ ETIMEDOUT: 23 });
});

test("the quick embedded server closes when it is asked to, stays when it is not, and counts", async () => {
  const cwd = temporaryFolder();
  const run = await runBench(
    ["run", "close-vs-keepalive", "--server", "epoll", "--set", "load.requests=1009", "-q", "-o", "r.json"],
    { cwd },
  );
  expect(run.stderr).toBe("");
  const { variants } = JSON.parse(readFileSync(join(cwd, "r.json"), "utf8")) as RunResult;
  const [close, keepAlive] = [variants["close"]!.trials[0]!, variants["keep-alive"]!.trials[0]!];
  expect(close.timeWait!.server!.created).toBe(1_009);
  expect(keepAlive.timeWait!.client.created).toBe(50);
  for (const trial of [close, keepAlive]) {
    expect(trial.requests).toMatchObject({ sent: 1_009, succeeded: 1_009, failed: 0 });
    expect(trial.books.filter(({ balanced }) => !balanced)).toEqual([]);
    expect(trial.books.map(({ name }) => name)).toContain("responses");
  }
});

test("the Go server is built once, into the cache, and runs", async () => {
  const cwd = temporaryFolder();
  // A cache that lives on: the first build of a toolchain takes its time.
  const args = ["run", "go-hello-world", "--duration", "500ms", "--set", "load.requests=200", "-q", "-o", "r.json"];
  const run = await runBench(args, { cwd, timeoutMs: 110_000 });
  expect(run.stderr).toBe("");
  const result = JSON.parse(readFileSync(join(cwd, "r.json"), "utf8")) as RunResult;
  expect(result.environment.tools).toMatchObject({ go: expect.stringMatching(/^1\.\d+/u) as string });
  const { close, "keep-alive": keepAlive } = result.variants;
  expect(close!.median!.timeWait!.server!.created).toBe(200);
  expect(keepAlive!.median!.timeWait!.server!.created).toBe(0);
  // Nothing but TIME_WAIT itself is taken away: the books still balance, and who closed first is still known.
  const without = result.variants["close-no-time-wait"]!.trials[0]!;
  expect(without.timeWait!.server).toEqual({ created: 0, peak: 0, end: 0 });
  expect(without.kernel.server!.counters["TcpExt:TCPTimeWaitOverflow"]).toBe(200);
  expect(without.closedFirst).toEqual({ client: 0, server: 1, reset: 0 });
  expect(without.books.filter(({ balanced }) => !balanced)).toEqual([]);
});

test("without Go the Go server ends with exit code 3 and says how to get it", async () => {
  const cwd = withoutGo();
  const run = await runBench(["run", "go-hello-world"], { cwd, env: { PATH: cwd } });
  expect(run.exitCode).toBe(3);
  expect(run.stderr).toMatch(/^error: the Go toolchain was not found\nhint: Install Go 1\.19 or newer .*golang-go/mu);
});

test("a cache that cannot be made is told, wherever it would lie", async () => {
  const run = await runBench(["run", "go-hello-world"], { cwd: temporaryFolder(), env: { XDG_CACHE_HOME: "/proc" } });
  expect(run.exitCode).toBe(3);
  expect(run.stderr).toMatch(/^error: the cache folder \/proc\/time-wait-bench .*\nhint: Set XDG_CACHE_HOME/mu);
});

test("a server that already runs on loopback is measured where it is", async () => {
  const server = createHttpServer((_request, response) => response.end("hi"));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  const cwd = temporaryFolder();
  writeFileSync(
    join(cwd, "external.yaml"),
    `title: external\nserver: { kind: external, url: "http://127.0.0.1:${port}" }\nload: { connection: close, requests: 23, connections: 2 }\nvariants: { only: {} }\n`,
  );
  const run = await runBench(["run", "external.yaml", "-o", "r.json"], { cwd });
  expect(run.exitCode).toBe(0);
  expect(run.stderr).toMatch(/^warning: .*loopback/mu);
  const { variants, environment } = JSON.parse(readFileSync(join(cwd, "r.json"), "utf8")) as RunResult;
  expect(environment.isolation).toBe("none");
  expect(variants["only"]!.median!.timeWait!.server).toEqual({ created: 23, peak: 23, end: 23 });
  expect(variants["only"]!.median!.cpu.server).toBeNull();
});

test.each(["http://example.com/", "http://10.0.0.1:80", "http://127.0.0.1.example.com", "http://[2001:db8::1]/"])(
  "a remote target is refused: %s",
  async (url) => {
    const cwd = temporaryFolder();
    writeFileSync(
      join(cwd, "remote.yaml"),
      `title: remote\nserver: { kind: external, url: "${url}" }\nvariants: { only: {} }\n`,
    );
    const run = await runBench(["run", "remote.yaml"], { cwd });
    expect(run.exitCode).toBe(2);
    expect(run.stderr).toContain("remote.yaml:2:");
    expect(run.stderr).toMatch(/loopback/u);
  },
);

test("without a lab a port that is taken is left to whom it belongs", async () => {
  const taken = createServer((socket) => socket.on("error", () => {}));
  await new Promise<void>((resolve) => taken.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void taken.close());
  const { port } = taken.address() as AddressInfo;
  const cwd = temporaryFolder();
  const none = ["--isolation", "none", "--set", `server.port=${port}`, "-o", "r.json"];
  const moved = await runBench(["run", "who-closes", ...none], { cwd });
  expect(moved.stderr).not.toContain("error");
  expect((JSON.parse(readFileSync(join(cwd, "r.json"), "utf8")) as RunResult).status).toBe("complete");

  // A command that is not told its port cannot be moved, and what answers there is not it.
  const strange = await runCommand({ command: "sleep 60", port }, ["--isolation", "none"]);
  expect(strange.exitCode).toBe(3);
  expect(strange.stderr).toMatch(/^error: something already answers on port \d+\nhint: /mu);
});

test.each([["auto"], ["none"]])(
  "a server that turns itself into a daemon ends with the run, isolation %s",
  async (isolation) => {
    // Away from its parent and out of its group, as daemons are (setsid(1) forks, and its parent ends).
    const { exitCode, result } = await runCommand({ command: "setsid --fork node hello.cjs {port}; exec sleep 60" }, [
      "--isolation",
      isolation,
    ]);
    expect([exitCode, result.status]).toEqual([0, "complete"]);
  },
);
