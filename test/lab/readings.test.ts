import { expect, onTestFinished, test, vi } from "vitest";
import type { Host } from "../../src/lab/types.js";
import { helloServer, labForTest, makeLoad, seenBySs } from "../end-to-end/lab.js";

const CLOSES = 23;
const PORT = 8080;
const NODE = process.execPath;

/** A line for the shell that runs a script of Node's. */
function script(text: string): string {
  return `${NODE} -e '${text}'`;
}

async function nodeOn(host: Host, text: string, line = "ready"): Promise<void> {
  const started = await host.spawn({ label: "script", program: { file: NODE, args: ["-e", text] } });
  onTestFinished(() => started.kill());
  await new Promise<void>((resolve, reject) => {
    started.onLine((said) => said === line && resolve());
    void started.exited.then(({ lastLines }) => reject(new Error(lastLines.join("\n"))));
  });
}

test("a reading counts what a known workload has left behind, by state, by end and by counter", async () => {
  const lab = await labForTest();
  const { client, server } = lab.hosts;
  const hello = await helloServer(lab);
  await makeLoad(lab, hello, { requests: CLOSES, closer: "server" });

  const ofServer = await server.read({ port: PORT });
  expect(ofServer).toMatchObject({ TW: CLOSES, PassiveOpens: CLOSES, ActiveOpens: 0, gauge: CLOSES });
  expect(ofServer).toMatchObject({ time_wait: CLOSES, listen: 1, "local.time_wait": CLOSES, "remote.time_wait": 0 });
  expect(ofServer["timerMinMs"]).toBeGreaterThan(50_000);
  expect(ofServer["timerMaxMs"]).toBeGreaterThanOrEqual(ofServer["timerMinMs"] as number);
  expect(ofServer["timerMaxMs"]).toBeLessThan(70_000);
  expect(ofServer["sockets"]).toBe(CLOSES + 1);
  expect(ofServer["descriptors"]).toBeGreaterThan(3);
  expect(await seenBySs(server, "time-wait")).toBe(ofServer["time_wait"]);

  const ofClient = await client.read({ port: null });
  expect(ofClient).toMatchObject({ TW: 0, ActiveOpens: CLOSES, time_wait: 0, gauge: 0, timerMaxMs: null });
  expect(ofClient).not.toHaveProperty("local.time_wait");
  expect((await server.read({ port: 9 }))["sockets"]).toBe(0);
});

test("counters count from the mark", async () => {
  const lab = await labForTest();
  const hello = await helloServer(lab);
  await makeLoad(lab, hello, { requests: CLOSES });
  await lab.hosts.server.mark();
  expect(await lab.hosts.server.read({ port: null })).toMatchObject({ TW: 0, PassiveOpens: 0, time_wait: CLOSES });
  await makeLoad(lab, hello, { requests: 7 });
  expect(await lab.hosts.server.read({ port: null })).toMatchObject({ TW: 7, PassiveOpens: 7 });
});

test("descriptors of what runs on the host are counted, and go when it does", async () => {
  const { server } = (await labForTest()).hosts;
  const hold = (files: number): string =>
    `for (let n = 0; n < ${files}; n++) require("fs").openSync("/dev/null"); console.log("ready"); setInterval(() => {}, 1e6)`;
  await nodeOn(server, hold(0));
  const few = (await server.read({ port: null }))["descriptors"] as number;
  await nodeOn(server, hold(100));
  const many = (await server.read({ port: null }))["descriptors"] as number;
  expect(many - few).toBeGreaterThanOrEqual(100);
  expect(many - few).toBeLessThan(200);
});

test("the kernel's object for a TIME_WAIT is far smaller than that for a socket", async () => {
  const { server } = (await labForTest()).hosts;
  const { bytesPerTimeWait, bytesPerSocket } = await server.read({ port: null });
  expect(bytesPerTimeWait).toBeGreaterThan(100);
  expect(bytesPerSocket).toBeGreaterThan((bytesPerTimeWait as number) * 4);
});

test("an orphan in FIN_WAIT2 tells how long it still has", async () => {
  const { client, server } = (
    await labForTest({ sysctl: { client: { "net.ipv4.tcp_fin_timeout": "20" }, server: {} } })
  ).hosts;
  await nodeOn(
    server,
    `require("net").createServer({ allowHalfOpen: true }, () => {}).listen(${PORT}, "${server.address}", () => console.log("ready"))`,
  );
  await client.run({
    command: script(`require("net").connect(${PORT}, "${server.address}", () => process.exit())`),
    cwd: "/",
    env: {},
    count: null,
    number: null,
    timeoutMs: 5_000,
  });
  // Once its FIN is acknowledged.
  const reading = await vi.waitFor(async () => {
    const now = await client.read({ port: PORT });
    expect(now).toMatchObject({ fin_wait2: 1, time_wait: 0, gauge: 1 });
    return now;
  }, 5_000);
  expect(reading["finWait2TimerMs"]).toBeGreaterThan(10_000);
  expect(reading["finWait2TimerMs"]).toBeLessThanOrEqual(21_000);
  expect(await server.read({ port: PORT })).toMatchObject({ close_wait: 1, finWait2TimerMs: null });
});

test("a figure is awaited until it is as wanted, and no longer than it may take", async () => {
  const lab = await labForTest();
  const { server } = lab.hosts;
  const hello = await helloServer(lab);
  const wanted = { port: PORT, figure: "time_wait", op: ">=" as const, value: 5, everyMs: 10 };
  expect(await server.awaitFigure({ ...wanted, withinMs: 60 })).toMatchObject({ reached: 0, value: 0 });
  const [reached] = await Promise.all([
    server.awaitFigure({ ...wanted, withinMs: 10_000 }),
    makeLoad(lab, hello, { requests: CLOSES }),
  ]);
  expect(reached).toMatchObject({ reached: 1 });
  expect(reached.value).toBeGreaterThanOrEqual(5);
  expect(reached.tookMs).toBeLessThan(10_000);
  for (const figure of ["TW", "gauge", "descriptors", "bytesPerSocket"])
    expect(await server.awaitFigure({ ...wanted, figure, value: 1, withinMs: 0 })).toMatchObject({ reached: 1 });
  const never = await server.awaitFigure({ ...wanted, figure: "ListenOverflows", withinMs: 30 });
  expect(never).toMatchObject({ reached: 0, value: 0 });
  expect(never.tookMs).toBeGreaterThanOrEqual(30);
});

test.each([
  { key: "net.ipv4.tcp_fin_timeout", value: "17", outcome: "written", after: "17" },
  { key: "net.ipv4.tcp_fin_timeout", value: null, outcome: "read", after: "60" },
  { key: "net.ipv4.tcp_fin_timeout", value: "soon", outcome: "refused", after: "60" },
  { key: "net.ipv4.tcp_tw_recycle", value: "1", outcome: "absent", after: null },
  { key: "net.ipv4.tcp_tw_recycle", value: null, outcome: "absent", after: null },
  { key: "net.ipv4.tcp_available_congestion_control", value: "x", outcome: "forbidden" },
])("the sysctl $key with $value is $outcome", async ({ key, value, outcome, after }) => {
  const plan = { sysctl: { client: {}, server: { "net.ipv4.tcp_fin_timeout": "60" } } };
  const { server } = (await labForTest(plan)).hosts;
  const got = await server.sysctl({ key, value });
  expect(got.outcome).toBe(outcome);
  if (after !== undefined) expect(got.after).toBe(after);
  if (key === "net.ipv4.tcp_fin_timeout") expect(got.before).toBe("60");
});

test("a command's lines are counted by their groups, and a number is picked from them", async () => {
  const { client } = (await labForTest()).hosts;
  const command = 'echo LISTEN a; echo ESTAB b; echo LISTEN c; echo "total 17.5 of 20"; echo complaint >&2; exit 3';
  const ask = { command, cwd: "/", env: {}, count: "^([A-Z]+)", number: "total ([0-9.]+)", timeoutMs: 5_000 };
  expect(await client.run(ask)).toMatchObject({ exitCode: 3, lines: 4, LISTEN: 2, ESTAB: 1, number: 17.5 });
  const sleeping = { command: "echo begun; sleep 60", cwd: "/", env: {}, count: null, number: null, timeoutMs: 100 };
  expect(await client.run(sleeping)).toMatchObject({ exitCode: null, lines: 1, number: null });
});

test("how a command ended is told, with the last lines of what it printed", async () => {
  const { client } = (await labForTest()).hosts;
  const run = (command: string, timeoutMs = 5_000) =>
    client.run({ command, cwd: "/", env: {}, count: null, number: null, timeoutMs });
  expect(await run("echo fine; echo careful >&2")).toMatchObject({
    exitCode: 0,
    signal: "none",
    timedOut: 0,
    output: "fine\ncareful",
  });
  expect(await run("echo no licence >&2; exit 3")).toMatchObject({ exitCode: 3, timedOut: 0, output: "no licence" });
  expect(await run("kill -TERM $$")).toMatchObject({ exitCode: null, signal: "SIGTERM", timedOut: 0 });
  expect(await run("echo begun; sleep 60", 100)).toMatchObject({ signal: "SIGKILL", timedOut: 1, output: "begun" });
});

test("what a command leaves running is not waited for, and goes on", async () => {
  const { client } = (await labForTest()).hosts;
  const ask = { cwd: "/", env: {}, count: null, number: null, timeoutMs: 20_000 };
  const left = await client.run({ ...ask, command: "sleep 30 >/dev/null & echo $!", number: "([0-9]+)" });
  expect(left).toMatchObject({ exitCode: 0, timedOut: 0 });
  expect(await client.run({ ...ask, command: `kill -0 ${left["number"]}` })).toMatchObject({ exitCode: 0 });
});

test("a counter that the kernel does not have is told at once, and not waited for", async () => {
  const { client } = (await labForTest()).hosts;
  const ask = { port: null, figure: "ListenOverflow", op: ">=", value: 1, withinMs: 600_000, everyMs: 10 } as const;
  await expect(client.awaitFigure(ask)).rejects.toMatchObject({
    code: "no-such-counter",
    hint: expect.stringContaining("Did you mean ListenOverflows?") as string,
  });
});
