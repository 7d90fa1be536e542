import { fileURLToPath } from "node:url";
import { expect, test, vi } from "vitest";
import type { WatchView } from "../../src/watch/types.js";
import { bundled } from "../support/bundled.js";
import { runBench, startBench } from "../support/bench.js";
import { leftovers } from "../support/leftovers.js";
import { labForTest, seenBySs } from "./lab.js";

const [PORTS, PER_SEC] = [1_000, 125];
const NOBODY = 65_534;

test("beside a churn: who closes and how fast, ports as ss counts them, and the first EADDRNOTAVAIL within 10 %", async () => {
  const range = { "net.ipv4.ip_local_port_range": "20000 20999", "net.ipv4.tcp_tw_reuse": "0" };
  const lab = await labForTest({ topology: "loopback", sysctl: { client: {}, server: range } });
  const host = lab.hosts.server;
  const entry = fileURLToPath(await bundled("test/fixtures/services.mjs"));
  const child = await host.spawn({ label: "services", program: { entry } });
  const failed = new Promise<{ failedAt: number; made: number }>((resolve, reject) =>
    child.onMessage((message) => {
      const { answer, error } = message as { answer: { failedAt: number; made: number }; error?: string };
      if (error === undefined) resolve(answer);
      else reject(new Error(error));
    }),
  );
  const states = await runBench(["states", "--lab", "--format", "json"]);
  const { namespaces } = JSON.parse(states.stdout) as {
    namespaces: { place: { pid: number; lab: { pid: number } } }[];
  };
  const { pid } = namespaces.find(({ place }) => place.lab?.pid === process.pid)!.place;

  const beganAt = Date.now();
  child.send({ order: "churns", ask: { address: "127.0.0.1", port: 8080, perSec: PER_SEC } });
  const watching = startBench(["watch", "--pid", String(pid), "--every", "1s", "--format", "json"]);
  const { failedAt, made } = await failed;
  expect(made).toBeGreaterThanOrEqual(PORTS);
  const bySs = await seenBySs(host, "time-wait");
  const asNobody = process.getuid?.() === 0 ? { uid: NOBODY } : {};
  const [last, unprivileged, line] = await Promise.all([
    runBench(["watch", "--pid", String(pid), "--count", "1", "--format", "json"]),
    runBench(["watch", "--pid", String(pid), "--count", "1", "--format", "json"], asNobody),
    runBench(["watch", "--pid", String(pid), "--count", "1"]),
  ]);
  watching.kill("SIGINT");
  const run = await watching.finished;
  expect(run).toMatchObject({ exitCode: 0, stderr: "" });

  const views = run.stdout
    .trimEnd()
    .split("\n")
    .map((text) => JSON.parse(text) as WatchView);
  const churn = ({ links }: WatchView) => links.find(({ side, port }) => side === "client" && port === 8080);
  const lasting = failedAt - beganAt;
  // The first reading has nothing to compare with.
  const halfway = views.slice(1).filter((view) => {
    const share = (Date.parse(view.at) - beganAt) / lasting;
    return share > 0.35 && share < 0.9;
  });
  expect(halfway.length).toBeGreaterThanOrEqual(2);
  for (const view of halfway) {
    const link = churn(view)!;
    expect(link.recentClosesPerSec).toBeGreaterThan(0.9 * PER_SEC);
    expect(link.recentClosesPerSec).toBeLessThan(1.1 * PER_SEC);
    const told = Date.parse(view.at) + Number(link.ports!.emptyInMs);
    expect(Math.abs(told - failedAt)).toBeLessThan(0.1 * lasting);
    expect(view.since!.accountedRatio).toBeGreaterThan(0.9);
    expect(view.since!.accountedRatio).toBeLessThan(1.1);
    expect(view.findings.map(({ code }) => code)).toContain(link.ports!.used < 900 ? "forecast" : "ports-scarce");
  }

  const [end] = last.stdout
    .trimEnd()
    .split("\n")
    .map((text) => JSON.parse(text) as WatchView);
  const link = churn(end!)!;
  // The client closes first, always: the server's end has none.
  expect(link.states.time_wait).toBe(bySs);
  expect(end!.population.timeWait).toBe(bySs);
  expect(end!.links.filter(({ side, states: of }) => side === "server" && (of.time_wait ?? 0) > 0)).toEqual([]);
  expect(link.ports).toMatchObject({ used: PORTS, limit: PORTS, emptyInMs: 0, slowInMs: 0 });
  expect(end!.findings[0]).toMatchObject({ code: "ports-scarce", severity: "problem" });
  const [outside] = unprivileged.stdout
    .trimEnd()
    .split("\n")
    .map((text) => JSON.parse(text) as WatchView);
  expect(churn(outside!)?.states.time_wait).toBe(bySs);
  expect(line.stdout).toMatch(
    /^[\d:]{8} · TIME_WAIT [\d,]+ · to 127\.0\.0\.1:8080: this end closes \d+\S*\/s, ports 1,000\/1,000, slow now, none left now/u,
  );
  await vi.waitFor(() => expect(leftovers(run.mark)).toEqual([]));
});

test.each([
  [["--pid", "4194304"], /no running process 4194304/u],
  [["--pid", "1", "--netns", "x"], /--pid or --netns/u],
  [["--every", "1ms"], /--every takes a time/u],
] as const)("bench watch %j: a sentence, a hint, exit code 2", async (args, sentence) => {
  const run = await runBench(["watch", ...args]);
  expect(run).toMatchObject({ exitCode: 2, stdout: "" });
  expect(run.stderr).toMatch(/^error: \S.*\nhint: \S/u);
  expect(run.stderr).toMatch(sentence);
});
