import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import type { RunResult } from "../../src/result/types.js";
import { startBench } from "../support/bench.js";
import { benchHere, type RunHere } from "../support/here.js";
import { leftovers } from "../support/leftovers.js";
import { temporaryFolder } from "../support/temporary.js";

const SERVER = { kind: "none" };
const DOOR = { do: "listen", on: "server", socket: "door", port: 9_000 };

async function runSteps(
  scenario: Record<string, unknown>,
  env: Record<string, string> = {},
): Promise<RunHere & { result: RunResult; figures: RunResult["variants"][string]["figures"] }> {
  const cwd = temporaryFolder();
  const whole = { title: "steps", server: SERVER, variants: { only: {} }, ...scenario };
  writeFileSync(join(cwd, "steps.yaml"), JSON.stringify(whole));
  const run = await benchHere(["run", "steps.yaml", "-o", "r.json"], { cwd, env });
  expect(leftovers(run.mark)).toEqual([]);
  const result = JSON.parse(readFileSync(join(cwd, "r.json"), "utf8")) as RunResult;
  return { ...run, result, figures: result.variants["only"]!.figures };
}

test("single sockets close in a known order, and each host's reading says who holds TIME_WAIT", async () => {
  const { figures, exitCode, result } = await runSteps({
    phases: {
      door: DOOR,
      connect: { do: "connect", socket: "ours", port: 9_000, sockets: 23 },
      accept: { do: "accept", on: "server", socket: "theirs", of: "door", sockets: 23 },
      first: { do: "close", socket: "ours" },
      // The server's late ACK beside its FIN would call forth a RST, and that ends TIME_WAIT.
      acknowledged: { do: "await", until: "fin_wait2 == 23" },
      waiting: { do: "read", on: "server", port: 9_000 },
      second: { do: "close", on: "server", socket: "theirs" },
      held: { do: "await", until: "time_wait == 23" },
      client: { do: "read", port: 9_000 },
      server: { do: "read", on: "server" },
    },
    expect: ["only.client.time_wait == 23", "only.client.TW == 23", "only.server.time_wait == 0"],
  });
  expect(exitCode).toBe(0);
  const { steps } = result.variants["only"]!.trials[0]!;
  expect(steps!.map(({ step }) => step).slice(0, 3)).toEqual(["door", "connect", "accept"]);
  expect(steps!.every(({ beganMs, endedMs, fault }) => endedMs! >= beganMs && fault === null)).toBe(true);
  expect(figures["connect.succeeded"]).toBe(23);
  expect(figures["waiting.local.close_wait"]).toBe(23);
  expect(figures["held.reached"]).toBe(1);
  expect(figures["client.timerMinMs"]).toBeGreaterThan(55_000);
});

test("a load is a step like others; what it leaves is there for the next", async () => {
  const load = { connection: "close", requests: 20, connections: 2 };
  const { figures, result } = await runSteps({
    server: { kind: "node" },
    load,
    phases: {
      fill: { do: "load" },
      between: { do: "read", on: "server" },
      limit: { do: "sysctl", on: "server", key: "net.ipv4.tcp_max_tw_buckets", value: 20 },
      again: { do: "load" },
      after: { do: "read", on: "server" },
      gone: { do: "sysctl", key: "net.ipv4.tcp_tw_recycle", value: 1 },
    },
  });
  expect(result.status).toBe("complete");
  expect(figures["fill.requests.succeeded"]).toBe(20);
  expect(figures["fill.closedFirst"]).toBe("server");
  expect(figures["fill.timeWait.server.created"]).toBe(20);
  expect(figures["between.time_wait"]).toBe(20);
  expect(figures["limit.outcome"]).toBe("written");
  expect(figures["again.timeWait.server.created"]).toBe(0);
  expect(figures["after.TCPTimeWaitOverflow"]).toBe(20);
  expect(figures["gone.outcome"]).toBe("absent");
  expect(result.variants["only"]!.median!.timeWait!.server!.created).toBe(20);
});

test("steps at the same time: a wait goes on while others happen", async () => {
  const { figures } = await runSteps({
    phases: {
      door: DOOR,
      both: {
        do: "together",
        phases: {
          seen: { do: "await", on: "server", until: "established == 1", within: "5s" },
          later: {
            do: "in-turn",
            phases: { rest: { do: "wait", for: "200ms" }, connect: { do: "connect", socket: "ours", port: 9_000 } },
          },
        },
      },
    },
  });
  expect(figures["seen.reached"]).toBe(1);
  expect(figures["seen.tookMs"]).toBeGreaterThanOrEqual(190);
});

test("a command on a host is counted by what it prints", async () => {
  const { figures } = await runSteps({
    phases: {
      door: DOOR,
      states: { do: "command", on: "server", command: "ss -Htan", count: "^(\\S+)" },
      address: { do: "command", command: "echo {server}", number: "^(\\d+)" },
    },
  });
  expect(figures["states.LISTEN"]).toBe(1);
  expect(figures["states.exitCode"]).toBe(0);
  expect(figures["address.number"]).toBe(198);
});

test("a command finds administrators' programs, also where the user's PATH does not have them", async () => {
  const command = 'case ":$PATH:" in *:/usr/sbin:*) echo 1 ;; esac; exit 3';
  const PATH = process.env["PATH"]!.split(":")
    .filter((folder) => !folder.includes("sbin"))
    .join(":");
  const { figures } = await runSteps({ phases: { sbin: { do: "command", command, number: "(1)" } } }, { PATH });
  expect(figures).toMatchObject({ "sbin.number": 1, "sbin.exitCode": 3 });
});

test("a host whose cable is gone is silent", async () => {
  const { figures } = await runSteps({
    phases: {
      door: DOOR,
      cut: { do: "link", on: "server", state: "down" },
      connect: { do: "connect", socket: "ours", port: 9_000, timeout: "300ms" },
    },
  });
  expect(figures["connect.errno"]).toBe("ETIMEDOUT");
});

test("Ctrl-C in the middle of a step: what was measured is kept, nothing is left", async () => {
  const cwd = temporaryFolder();
  const mark = join(cwd, "the-wait-begins");
  const phases = {
    door: DOOR,
    look: { do: "read", on: "server" },
    mark: { do: "command", command: `touch ${mark}` },
    rest: { do: "wait", for: "60s" },
  };
  writeFileSync(
    join(cwd, "steps.yaml"),
    JSON.stringify({ title: "steps", server: SERVER, phases, variants: { only: {} } }),
  );
  const run = startBench(["run", "steps.yaml", "-o", "r.json"], { cwd });
  await vi.waitFor(() => expect(existsSync(mark)).toBe(true), { timeout: 20_000 });
  run.kill("SIGINT");
  const { exitCode } = await run.finished;
  expect(exitCode).toBe(130);
  expect(leftovers(run.mark)).toEqual([]);
  const result = JSON.parse(readFileSync(join(cwd, "r.json"), "utf8")) as RunResult;
  expect(result.status).toBe("interrupted");
  expect(result.variants["only"]!.trials[0]!.figures["look.listen"]).toBe(1);
});

test("Ctrl-C while the client of a load comes up ends it at once, and not when its time is over", async () => {
  const cwd = temporaryFolder();
  const scenario = {
    title: "steps",
    load: { duration: "10m" },
    phases: { look: { do: "read", on: "server" }, fill: { do: "load" } },
    variants: { only: {} },
  };
  writeFileSync(join(cwd, "steps.yaml"), JSON.stringify(scenario));
  const run = startBench(["run", "steps.yaml", "-o", "r.json"], { cwd });
  const client = (): boolean => leftovers(run.mark).some(({ command }) => command.includes("client/main.js"));
  await vi.waitFor(() => expect(client()).toBe(true), { timeout: 20_000, interval: 5 });
  run.kill("SIGINT");
  expect((await run.finished).exitCode).toBe(130);
  expect(leftovers(run.mark)).toEqual([]);
  const result = JSON.parse(readFileSync(join(cwd, "r.json"), "utf8")) as RunResult;
  expect(result.status).toBe("interrupted");
});

test("a program that is missing ends the run before it begins", async () => {
  const cwd = temporaryFolder();
  writeFileSync(
    join(cwd, "needy.yaml"),
    "title: t\nneeds: [no-such-program]\nserver: { kind: none }\nphases: { look: { do: read } }\nvariants: { only: {} }\n",
  );
  const run = await benchHere(["run", "needy.yaml", "-o", "r.json"], { cwd });
  expect(run.exitCode).toBe(3);
  expect(run.stderr).toMatch(/^error: the program no-such-program was not found\nhint: /mu);
});

test("one of several that cannot begin takes nothing away from the others: exit code 3", async () => {
  const cwd = temporaryFolder();
  const write = (name: string, more: object): void =>
    writeFileSync(
      join(cwd, name),
      JSON.stringify({ title: name, server: SERVER, phases: { door: DOOR }, variants: { only: {} }, ...more }),
    );
  write("first.yaml", {});
  write("second.yaml", { needs: ["no-such-program"] });
  write("third.yaml", {});
  const run = await benchHere(["run", "first.yaml", "second.yaml", "third.yaml", "-o", "r.json"], { cwd });
  expect(run.exitCode).toBe(3);
  expect(run.stderr).toMatch(/^error: the program no-such-program was not found\nhint: /mu);
  for (const name of ["first", "second", "third"]) expect(run.stdout).toContain(`${name} · ${name}.yaml`);
  const { results } = JSON.parse(readFileSync(join(cwd, "r.json"), "utf8")) as { results: RunResult[] };
  expect(results.map(({ status }) => status)).toEqual(["complete", "failed", "complete"]);
});

test("a claim for which a program is missing is not testable here, and that is no failure", async () => {
  const { exitCode, result, stdout } = await runSteps({
    needs: ["no-such-program"],
    phases: { look: { do: "read" } },
    claim: {
      text: "x",
      test: "x",
      lesson: "x",
      instead: "x",
      sources: ["x"],
      figures: {},
      rules: [{ verdict: "confirmed", because: "x" }],
    },
  });
  expect(exitCode).toBe(0);
  expect(result.claim).toMatchObject({ verdict: "not-testable-here" });
  expect(result.claim!.reason).toContain("no-such-program");
  expect(stdout).toContain("no-such-program");
});

test.each([
  [{ idleTimeout: "200ms" }, "fin_wait2", 1],
  [{ closes: "never" }, "established", 1],
])("a server that misbehaves: %o", async (manners, state, count) => {
  const { figures } = await runSteps({
    server: { kind: "misbehaving", ...manners },
    phases: {
      connect: { do: "connect", socket: "ours", port: 8_080 },
      ask: { do: "send", socket: "ours", text: "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n" },
      answer: { do: "receive", socket: "ours", upTo: "head" },
      rest: { do: "wait", for: "400ms" },
      server: { do: "read", on: "server", port: 8_080 },
    },
  });
  expect(figures["answer.status"]).toBe(200);
  expect(figures[`server.local.${state}`]).toBe(count);
});

test("a server that never accepts: the queue holds backlog + 1 connections", async () => {
  const { figures } = await runSteps({
    server: { kind: "misbehaving", accepts: false, backlog: 5 },
    phases: {
      connect: { do: "connect", socket: "ours", port: 8_080, sockets: 20, timeout: "500ms" },
      server: { do: "read", on: "server", port: 8_080 },
    },
  });
  expect(figures["server.local.established"]).toBe(6);
  expect(figures["server.ListenOverflows"]).toBeGreaterThan(0);
});

test("a load goes to the port of the host that it is for, the server's or its own", async () => {
  const backend = `node -e 'require("node:http").createServer((_, r) => r.end("x")).listen({port}, "{host}")'`;
  const { figures, exitCode } = await runSteps({
    lab: { topology: "hosts", hosts: { client: {}, server: {}, backend: { command: backend, port: 9_100 } } },
    server: { kind: "node" },
    load: { requests: 20, connections: 2 },
    phases: { inside: { do: "load", on: "server", to: "backend" }, outside: { do: "load" } },
    expect: ["only.inside.requests.succeeded == 20", "only.outside.requests.succeeded == 20"],
  });
  expect(figures["inside.errors.ECONNREFUSED"]).toBeUndefined();
  expect(exitCode).toBe(0);
});
