import { fileURLToPath } from "node:url";
import { describe, expect, test, vi } from "vitest";
import type { Host } from "../../src/lab/types.js";
import type { NamespaceStates, Reading, StatesDocument } from "../../src/states/types.js";
import { runOn } from "../sampler/puppets.js";
import { bundled } from "../support/bundled.js";
import { runBench, startBench, startProgram } from "../support/bench.js";
import { leftovers } from "../support/leftovers.js";
import { temporaryFolder } from "../support/temporary.js";
import { labForTest } from "./lab.js";

/** Primes, so that no multiple of anything comes out the same by accident. */
const CLOSES = { 8080: 23, 8081: 101, 8083: 11 } as const;
const TIME_WAIT = { ipv4: CLOSES[8080] + CLOSES[8081], ipv6: CLOSES[8083] };
const IN_TIME_WAIT = TIME_WAIT.ipv4 + TIME_WAIT.ipv6;
const LISTENERS = 3;
const NOBODY = 65_534;
const asNobody = process.getuid?.() === 0 ? { uid: NOBODY } : {};

interface Services {
  host: Host;
  ask(order: "closes" | "abandons" | "look", ask: unknown): Promise<unknown>;
}

/** One host on which three services run, one of them over IPv6; so many connections to each were closed by their client. */
async function services(): Promise<Services> {
  const lab = await labForTest({
    topology: "loopback",
    // Or a port in TIME_WAIT would be taken again on loopback (ip-sysctl.rst, tcp_tw_reuse).
    sysctl: { client: {}, server: { "net.ipv4.tcp_tw_reuse": "0" } },
  });
  const host = lab.hosts.server;
  const entry = fileURLToPath(await bundled("test/fixtures/services.mjs"));
  const child = await host.spawn({ label: "services", program: { entry } });
  let heard: (answer: { answer?: unknown; error?: string }) => void = () => {};
  child.onMessage((message) => heard(message as { answer?: unknown; error?: string }));
  const ask: Services["ask"] = (order, what) =>
    new Promise((resolve, reject) => {
      heard = ({ answer, error }) => (error === undefined ? resolve(answer) : reject(new Error(error)));
      child.send({ order, ask: what });
    });
  await ask("closes", { address: "127.0.0.1", port: 8080, closes: CLOSES[8080] });
  await ask("closes", { address: "127.0.0.1", port: 8081, closes: CLOSES[8081] });
  await ask("closes", { address: "::1", port: 8083, closes: CLOSES[8083] });
  return { host, ask };
}

async function statesOf(
  args: readonly string[],
  options: Parameters<typeof runBench>[1] = {},
): Promise<StatesDocument> {
  const run = await runBench(["states", "--format", "json", ...args], options);
  expect(run).toMatchObject({ exitCode: 0, stderr: "" });
  return JSON.parse(run.stdout) as StatesDocument;
}

/** Of the lab that this test runs; others may run on this machine. */
function ours({ namespaces }: StatesDocument): NamespaceStates[] {
  return namespaces.filter(({ place }) => place.kind === "host" && place.lab?.pid === process.pid);
}

async function pidOfOurHost(): Promise<number> {
  const [one] = ours(await statesOf(["--lab"]));
  return one!.place.kind === "host" ? one!.place.pid : 0;
}

function expectKnown({ table, population }: NamespaceStates): void {
  expect(population.timeWait).toBe(IN_TIME_WAIT);
  expect(table).toMatchObject({ timeWaitUnread: null, read: IN_TIME_WAIT + LISTENERS });
  expect(table!.states).toEqual({
    ipv4: { time_wait: TIME_WAIT.ipv4, listen: 2 },
    ipv6: { time_wait: TIME_WAIT.ipv6, listen: 1 },
  });
  const groups = table!.groups.map(({ side, port, guessed, states }) => ({ side, port, guessed, states }));
  expect(groups).toEqual([
    { side: "made", port: 8081, guessed: 0, states: { time_wait: CLOSES[8081] } },
    { side: "made", port: 8080, guessed: 0, states: { time_wait: CLOSES[8080] } },
    { side: "made", port: 8083, guessed: 0, states: { time_wait: CLOSES[8083] } },
    { side: "accepted", port: 8080, guessed: 0, states: { listen: 1 } },
    { side: "accepted", port: 8081, guessed: 0, states: { listen: 1 } },
    { side: "accepted", port: 8083, guessed: 0, states: { listen: 1 } },
  ]);
  const left = table!.timeWaitLeftMs!;
  expect(left.min).toBeGreaterThan(0);
  expect(left.max).toBeGreaterThanOrEqual(left.min);
  // 60 s and what the timer adds (net/ipv4/inet_timewait_sock.c).
  expect(left.max).toBeLessThanOrEqual(65_000);
}

describe("of a host with a known workload", () => {
  test("--lab, --pid and ss say the same: each close once, at its port and side", async () => {
    const { host } = await services();
    const bySs: Record<string, number> = {};
    for (const line of await runOn(host, "ss", "-tanH")) {
      const [state] = line.trim().split(/\s+/u);
      bySs[state!] = (bySs[state!] ?? 0) + 1;
    }
    expect(bySs).toEqual({ "TIME-WAIT": IN_TIME_WAIT, LISTEN: LISTENERS });

    const [byLab, ...more] = ours(await statesOf(["--lab"]));
    expect(more).toEqual([]);
    expect(byLab!.place).toMatchObject({ kind: "host", host: "loopback" });
    expect(byLab!.table!.source).toBe("netlink");
    expectKnown(byLab!);

    const { pid } = byLab!.place as { pid: number };
    const byPid = (await statesOf(["--pid", String(pid)])).namespaces;
    expect(byPid).toHaveLength(1);
    expect(byPid[0]).toMatchObject({ place: { kind: "process", pid }, notes: [], table: { source: "netlink" } });
    expectKnown(byPid[0]!);
    expectKnown((await statesOf(["--pid", String(pid), "--full"])).namespaces[0]!);

    const drawn = await runBench(["states", "--pid", String(pid)]);
    expect(drawn.stdout).toMatch(/^TIME_WAIT +135 +124 +11 +\S.* left$/mu);
    expect(drawn.stdout).toMatch(/^ +101 {2}made to 8081 +TIME_WAIT 101 \(/mu);
    expect(drawn.stdout).not.toContain("\u001b");
  });

  test("--port asks the kernel for the sockets of one port, or of several", async () => {
    await services();
    const pid = String(await pidOfOurHost());
    const one = await statesOf(["--pid", pid, "--port", "8080"]);
    expect(one.ports).toEqual([8080]);
    expect(one.namespaces[0]!.table!.states.ipv4).toEqual({ time_wait: CLOSES[8080], listen: 1 });
    expect(one.namespaces[0]!.population.timeWait).toBe(IN_TIME_WAIT);
    const both = await statesOf(["--pid", pid, "--port", "8080", "--port=8081"]);
    expect(both.namespaces[0]!.table!.states.ipv4).toEqual({ time_wait: TIME_WAIT.ipv4, listen: 2 });
    expect(both.namespaces[0]!.table!.states.ipv6).toEqual({});
    const none = await statesOf(["--pid", pid, "--port", "7"]);
    expect(none.namespaces[0]!.table).toMatchObject({ read: 0, groups: [] });
  });

  test("an unprivileged user reads the same, from outside where the namespace cannot be entered", async () => {
    await services();
    const pid = String(await pidOfOurHost());
    const [seen] = (await statesOf(["--pid", pid], asNobody)).namespaces;
    const isTheirs = asNobody.uid !== undefined;
    expect(seen!.table!.source).toBe(isTheirs ? "proc" : "netlink");
    expect(seen!.notes).toHaveLength(isTheirs ? 1 : 0);
    expectKnown(seen!);
    // Another user's lab is not theirs to be listed.
    if (isTheirs) {
      const run = await runBench(["states", "--lab", "--format", "json"], asNobody);
      expect(run.stdout === "" ? [] : ours(JSON.parse(run.stdout) as StatesDocument)).toEqual([]);
    }
  });

  test("without nsenter it is read from outside, and that is said", async () => {
    await services();
    const pid = String(await pidOfOurHost());
    const [seen] = (await statesOf(["--pid", pid], { env: { PATH: temporaryFolder() } })).namespaces;
    expect(seen).toMatchObject({ table: { source: "proc" }, notes: [expect.stringMatching(/nsenter/u)] });
    expectKnown(seen!);
  });
});

describe("of more sockets than are read unasked", () => {
  const ABANDONED = 7;

  test("those in TIME_WAIT are left out but for their number, and the others are read to the last one", async () => {
    const { ask } = await services();
    await ask("abandons", { address: "127.0.0.1", port: 8082, count: ABANDONED });
    const { table, population } = (await ask("look", { ports: [], most: IN_TIME_WAIT })) as Reading;
    // The kernel's own count has the closed sockets in FIN_WAIT2 too.
    expect(population.timeWait).toBe(IN_TIME_WAIT + ABANDONED);
    expect(table!.timeWaitUnread).toBe(IN_TIME_WAIT);
    expect(table!.states).toEqual({
      ipv4: { fin_wait2: ABANDONED, close_wait: ABANDONED, listen: 3 },
      ipv6: { listen: 1 },
    });
    const all = (await ask("look", { ports: [], most: null })) as Reading;
    expect(all.table!.timeWaitUnread).toBeNull();
    expect(all.table!.states.ipv4).toEqual({ ...table!.states.ipv4, time_wait: TIME_WAIT.ipv4 });
    expect(all.table!.states.ipv6).toEqual({ ...table!.states.ipv6, time_wait: TIME_WAIT.ipv6 });
    // One port's are read whatever else there is.
    const ofPort = (await ask("look", { ports: [8080], most: 1 })) as Reading;
    expect(ofPort.table!.states.ipv4).toEqual({ time_wait: CLOSES[8080], listen: 1 });
  });

  test("where the others are many as well, only the kernel's own counts are told", async () => {
    const { ask } = await services();
    const { table, population } = (await ask("look", { ports: [], most: LISTENERS - 1 })) as Reading;
    expect(table).toBeNull();
    expect(population).toMatchObject({ timeWait: IN_TIME_WAIT, established: 0, inUse: { ipv4: 2, ipv6: 1 } });
  });
});

describe("--watch", () => {
  test("prints one document a line until Ctrl-C, which is how it is meant to end, and leaves nobody behind", async () => {
    await services();
    const pid = await pidOfOurHost();
    const running = startBench(["states", "--pid", String(pid), "--watch", "200ms", "--format", "json"]);
    await running.said(/\n.*\n/u);
    expect(leftovers(running.mark).length).toBeGreaterThan(1);
    running.kill("SIGINT");
    const run = await running.finished;
    expect(run).toMatchObject({ exitCode: 0, stderr: "" });
    const documents = run.stdout
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line) as StatesDocument);
    expect(documents.length).toBeGreaterThanOrEqual(2);
    for (const { namespaces } of documents) expectKnown(namespaces[0]!);
    const times = documents.map(({ at }) => at);
    expect(new Set(times).size).toBe(times.length);
    expect(times).toEqual(times.toSorted());
    await vi.waitFor(() => expect(leftovers(run.mark)).toEqual([]));
  });

  test("prints block after block without a terminal, and redraws in place on one", async () => {
    const plain = await runBench(["states", "--watch", "100ms"], {
      signalAfter: { signal: "SIGINT", after: /this machine[^]*this machine/u },
    });
    expect(plain.exitCode).toBe(0);
    expect(plain.stdout).not.toContain("\u001b");

    const command = `${process.execPath} dist/cli.js states --watch 100ms`;
    const inPlace = startProgram("script", [
      "--quiet",
      "--return",
      "--command",
      `stty cols 80 rows 10; exec ${command}`,
      "/dev/null",
    ]);
    await inPlace.said(/this machine[^]*this machine[^]*this machine/u);
    inPlace.kill("SIGTERM");
    const { stdout } = await inPlace.finished;
    // Cleared once, then written over; never taller than the screen, or it would scroll.
    expect(stdout.split("\u001b[2J")).toHaveLength(2);
    const [, ...frames] = stdout.split("\u001b[H");
    expect(frames.length).toBeGreaterThanOrEqual(2);
    for (const frame of frames) expect(frame.split("\n").length).toBeLessThanOrEqual(10);
  });

  test("ends when nobody reads any more", async () => {
    const run = await runBench(["states", "--watch", "100ms"], { wrapper: ["sh", "-c", '"$@" | head -n 1', "sh"] });
    expect(run).toMatchObject({ exitCode: 0, stderr: "" });
    expect(run.stdout).toMatch(/^this machine/u);
  });

  test("ends well when the process has ended, and lets go of its namespace", async () => {
    await services();
    const pid = await pidOfOurHost();
    const running = startBench(["states", "--pid", String(pid), "--watch", "100ms", "--format", "json"]);
    await running.said(/\n.*\n/u);
    process.kill(pid, "SIGKILL");
    const run = await running.finished;
    expect(run.exitCode).toBe(0);
    expect(run.stderr).toMatch(new RegExp(`^there is no running process ${pid} any more`, "u"));
    await vi.waitFor(() => expect(leftovers(run.mark)).toEqual([]));
  });

  test("of labs waits for one to come", async () => {
    const running = startBench(["states", "--lab", "--watch", "100ms", "--format", "json"]);
    await new Promise((resolve) => setTimeout(resolve, 300));
    await services();
    await running.said(new RegExp(`"lab":\\{"pid":${process.pid},`, "u"));
    running.kill("SIGINT");
    expect((await running.finished).exitCode).toBe(0);
  });
});

test.each([
  [["--pid", "4194304"], /no running process 4194304/u],
  [["--pid", "x"], /--pid takes a whole number/u],
  [["--pid", "0"], /--pid takes a whole number/u],
  [["--pid", "1", "--lab"], /--pid or --lab/u],
  [["--port", "65536"], /--port takes a whole number/u],
  [["--watch", "1ms"], /--watch takes a time/u],
  [["--watch=often"], /--watch takes a time/u],
  [["--format", "csv"], /--format does not take "csv"/u],
  [["8080"], /takes no "8080"/u],
  [["--wach"], /no option --wach[^]*Did you mean --watch/u],
] as const)("bench states %j: a sentence, a hint, exit code 2", async (args, sentence) => {
  const run = await runBench(["states", ...args]);
  expect(run).toMatchObject({ exitCode: 2, stdout: "" });
  expect(run.stderr).toMatch(/^error: \S.*\nhint: \S/u);
  expect(run.stderr).toMatch(sentence);
});

test("where no lab of the user is running, --lab says so, and ends with 3", async () => {
  const user = process.getuid?.() === 0 ? { uid: 64_999 } : {};
  const run = await runBench(["states", "--lab"], user);
  expect(run).toMatchObject({ exitCode: 3, stdout: "" });
  expect(run.stderr).toMatch(/^error: no lab of this user is running\nhint: /u);
});
