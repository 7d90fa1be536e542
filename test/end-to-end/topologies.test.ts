import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import type { RunResult } from "../../src/result/types.js";
import { startBench } from "../support/bench.js";
import { benchHere, type RunHere } from "../support/here.js";
import { leftovers } from "../support/leftovers.js";
import { temporaryFolder } from "../support/temporary.js";
import { machineState } from "./machine.js";

const CLOSES = { connections: 3, requests: 23, connection: "close" };

interface Run extends RunHere {
  result: RunResult;
  figures: RunResult["variants"][string]["figures"];
}

async function run(scenario: Record<string, unknown>, ...options: string[]): Promise<Run> {
  const cwd = temporaryFolder();
  const before = machineState();
  writeFileSync(join(cwd, "s.yaml"), JSON.stringify({ title: "t", load: CLOSES, variants: { only: {} }, ...scenario }));
  const done = await benchHere(["run", "s.yaml", "--trials", "1", "-o", "r.json", ...options], { cwd });
  expect(leftovers(done.mark)).toEqual([]);
  expect(machineState()).toEqual(before);
  const result = JSON.parse(readFileSync(join(cwd, "r.json"), "utf8")) as RunResult;
  return { ...done, result, figures: result.variants["only"]?.figures ?? {} };
}

/** A program for a third host: says who it is, and serves until it is told to stop. */
const program = (text: string): string =>
  `exec ${process.execPath} -e 'require("http").createServer((q, s) => s.end("ok")).listen(+process.argv[2], process.argv[1]); ${text}' {host} {port} {server}`;

test("a third host runs its program and makes a load of its own", async () => {
  const hosts = { client: {}, server: {}, third: { command: program(""), port: 9_000, ready: { http: "/" } } };
  const { exitCode, figures, result, stderr } = await run({
    lab: { topology: "hosts", hosts, sysctl: { third: { "net.ipv4.tcp_fin_timeout": 7 } } },
    phases: {
      set: { do: "sysctl", on: "third", key: "net.ipv4.tcp_fin_timeout" },
      load: { do: "load", on: "third", load: CLOSES },
      third: { do: "read", on: "third" },
      server: { do: "read", on: "server" },
      there: {
        do: "command",
        command: `${process.execPath} -e 'fetch("http://{third}:9000").then((r) => console.log(r.status))'`,
        number: "(.*)",
      },
    },
    expect: ["only.server.TW == 23", "only.third.TW == 0", "only.third.ActiveOpens == 23", "only.set.after == 7"],
  });
  expect([exitCode, stderr]).toEqual([0, expect.any(String)]);
  // Its own load goes to the server's port, and its program's one connection is the client's or nobody's to hold.
  const { table } = result.variants["only"]!.trials[0]!.timeline.others!["third"]!;
  expect(table.listen.at(-1)).toBe(1);
  expect(figures["load.requests.succeeded"]).toBe(23);
  expect(figures["there.number"]).toBe(200);
});

test("a load goes from the host that it is made on, to the host that it names, however many addresses others have", async () => {
  const hosts = { client: {}, server: {}, third: { command: program(""), port: 8_080, ready: { http: "/" } } };
  const { figures } = await run({
    lab: { topology: "hosts", hosts, addresses: { client: 2, server: 2 } },
    phases: {
      from: { do: "load", on: "third", load: { ...CLOSES, client: "epoll" } },
      to: { do: "load", to: "third", load: { ...CLOSES, client: "epoll" } },
      server: { do: "read", on: "server" },
      third: { do: "read", on: "third" },
    },
  });
  expect(figures).toMatchObject({ "from.requests.succeeded": 23, "to.requests.succeeded": 23 });
  expect(figures).toMatchObject({ "server.PassiveOpens": 23, "third.ActiveOpens": 23 });
  // Whether it is ready was asked over a connection.
  expect(figures["third.PassiveOpens"]).toBeGreaterThanOrEqual(23);
});

test.each([
  ["ends before it is ready", "console.log('no luck'); process.exit(3)", "server-died"],
  ["ends during the run", "setTimeout(process.exit, 1500, 4)", "server-died"],
] as const)("a third host's program that %s ends the run, and says why", async (_, text, code) => {
  const lab = { topology: "hosts", hosts: { client: {}, server: {}, third: { command: program(text) } } };
  const { exitCode, stderr, result } = await run({ lab, load: { connections: 2, duration: "4s" } });
  expect(exitCode).toBe(3);
  expect(result.error?.code).toBe(code);
  expect(stderr).toContain("the program of third ended");
});

test("clients behind a NAT share its ports, and its table forgets by a timer of its own", async () => {
  const behind = (on: string): Record<string, unknown> => ({ do: "load", on, load: CLOSES });
  const { exitCode, figures, stderr } = await run({
    lab: {
      topology: "nat",
      clients: 3,
      natPorts: "40000-40199",
      // Longer than a busy machine takes to come to look at it.
      sysctl: { nat: { "net.netfilter.nf_conntrack_tcp_timeout_time_wait": 5 } },
    },
    phases: {
      all: {
        do: "together",
        phases: { one: behind("client"), two: behind("client-2"), three: behind("client-3") },
      },
      nat: { do: "read", on: "nat" },
      server: { do: "read", on: "server" },
      gone: { do: "await", on: "nat", until: "conntrackTimeWait == 0", within: "12s" },
      stays: { do: "read", on: "server" },
    },
    expect: ["only.server.TW == 69", "only.gone.reached == 1", "only.stays.time_wait == 69", "only.nat.sockets == 0"],
  });
  expect([exitCode, stderr]).toEqual([0, expect.any(String)]);
  expect(figures["nat.conntrackTimeWaitLeftMs"]).toBeLessThanOrEqual(5_000);
});

test("a NAT is sampled like client and server: what it tracks, and for how long", async () => {
  const timeout = "net.netfilter.nf_conntrack_tcp_timeout_time_wait";
  const { exitCode, result, stderr, stdout } = await run({
    lab: { topology: "nat", clients: 2, sysctl: { nat: { [timeout]: 90 } } },
    load: { ...CLOSES, closer: "server" },
    sample: { table: "100ms" },
  });
  expect([exitCode, stderr]).toEqual([0, expect.any(String)]);
  const { timeline, kernel, otherKernels } = result.variants["only"]!.trials[0]!;
  expect(Object.keys(timeline.others!).toSorted()).toEqual(["client-2", "nat"]);
  const { table, time_wait } = timeline.others!["nat"]!;
  // What asks whether the server is ready may be tracked as well.
  expect(Math.max(...table.conntrack!)).toBeGreaterThanOrEqual(23);
  expect(table.conntrackTimeWait!.at(-1)).toBe(23);
  expect(table.conntrack!.every((count) => count <= 30)).toBe(true);
  expect(table.conntrack).toHaveLength(table.atMs.length);
  expect([...time_wait, ...table.time_wait].every((sockets) => sockets === 0)).toBe(true);
  expect(otherKernels!["nat"]!.sysctls[timeout]).toBe("90");
  expect(otherKernels!["nat"]!.counters["Ip:ForwDatagrams"]).toBeGreaterThan(23 * 6);
  // Their kernels could track as well, but nothing asks them to.
  for (const host of [timeline.client, timeline.server, timeline.others!["client-2"]])
    expect(host!.table).not.toHaveProperty("conntrack");
  expect(kernel.server!.sysctls[timeout]).toBeDefined();
  expect(stdout.replaceAll(/\s+/gu, " ")).toMatch(/On nat netfilter tracked at most \d+ connections.* stays for 90 s/u);
});

test.each(["nginx", "haproxy"])("a load through %s: each side is counted by its own kernel", async (kind) => {
  const { exitCode, result, stderr } = await run({
    lab: { topology: "proxy" },
    load: { ...CLOSES, closer: "client", client: "undici" },
    variants: {
      close: { lab: { proxy: { kind, upstream: "close" } } },
      kept: { lab: { proxy: { kind, upstream: "keep-alive" } } },
    },
  });
  expect([exitCode, stderr]).toEqual([0, expect.any(String)]);
  expect(result.warnings.map(({ code }) => code)).not.toContain("books-unbalanced");
  for (const variant of ["close", "kept"]) {
    const [trial] = result.variants[variant]!.trials;
    expect(trial!.requests.succeeded).toBe(23);
    const opens = trial!.kernel.server!.counters["Tcp:PassiveOpens"]!;
    if (variant === "close") expect(opens).toBe(23);
    else expect(opens).toBeLessThanOrEqual(3);
    const { table, time_wait } = trial!.timeline.others!["proxy"]!;
    const [accepted, made] = [table.time_wait_accepted!.at(-1)!, table.time_wait_made!.at(-1)!];
    // The client closes first, so what the proxy holds is towards the server, as far as that did not close first.
    expect(accepted).toBe(0);
    // Where both close at about the same time, a late ACK may take a TIME_WAIT away again (RFC 1337).
    const entered = trial!.otherKernels!["proxy"]!.counters["TcpExt:TW"] ?? 0;
    expect(made).toBeLessThanOrEqual(entered);
    expect(made).toBeGreaterThanOrEqual(Math.floor(entered / 2));
    expect(made).toBeLessThanOrEqual(opens);
    expect(time_wait.at(-1)).toBe(made);
    expect(table.listen.at(-1)).toBeGreaterThanOrEqual(1);
  }
});

test("kill -9 while a proxy runs: nothing is left, not even a file", async () => {
  const cwd = temporaryFolder();
  const here = (): string[] => readdirSync(tmpdir()).filter((name) => /nginx|haproxy|body|fastcgi/u.test(name));
  const before = here();
  const scenario = { title: "t", lab: { topology: "proxy" }, load: { duration: "5s" }, variants: { only: {} } };
  writeFileSync(join(cwd, "s.yaml"), JSON.stringify(scenario));
  for (const afterMs of [300, 700, 1_100, 1_500]) {
    const running = startBench(["run", "s.yaml", "-o", "r.json"], { cwd });
    await new Promise((resolve) => setTimeout(resolve, afterMs));
    running.kill("SIGKILL");
    await running.finished;
    await vi.waitFor(() => expect(leftovers(running.mark)).toEqual([]), { timeout: 5_000, interval: 20 });
  }
  expect(here()).toEqual(before);
});
