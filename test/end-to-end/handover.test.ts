import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { RunResult, Trial } from "../../src/result/types.js";
import type { StatesDocument } from "../../src/states/types.js";
import { runBench, startBench } from "../support/bench.js";
import { benchHere } from "../support/here.js";
import { leftovers } from "../support/leftovers.js";
import { temporaryFolder } from "../support/temporary.js";

const read = (cwd: string, file: string): RunResult => JSON.parse(readFileSync(join(cwd, file), "utf8")) as RunResult;

const WITH_GO = 'PATH="$PATH:$HOME/go/bin"; export PATH;';

function hasK6(): boolean {
  try {
    execFileSync("/bin/sh", ["-c", `${WITH_GO} command -v k6`], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

/** CI has no k6: Debian has no package of it. */
test.each(hasK6() ? ["k6"] : [])("what is exported opens in %s as many connections as the scenario does", async () => {
  const cwd = temporaryFolder();
  const variants = { close: { load: { connection: "close" } }, keep: { load: { connection: "keep-alive" } } };
  const load = { connections: 4, requests: 40, duration: "20s" };
  writeFileSync(join(cwd, "s.yaml"), JSON.stringify({ title: "s", load: { ...load, client: "undici" }, variants }));
  const exported = await benchHere(["export", "k6", "s.yaml", "--output", "out"], { cwd });
  expect(exported.exitCode).toBe(0);
  const script = (name: string) => ({
    load: {
      client: "command",
      reads: "k6",
      requests: null,
      command: `TARGET={origin} k6 run --quiet ${join(cwd, "out", `${name}.js`)}`,
    },
  });
  const both = { ...variants, "close-k6": script("close"), "keep-k6": script("keep") };
  writeFileSync(
    join(cwd, "both.yaml"),
    JSON.stringify({ title: "both", load: { ...load, client: "undici" }, variants: both }),
  );
  const run = await runBench(["run", "both.yaml", "-q", "--no-live", "-o", "r.json"], { cwd });
  expect(leftovers(run.mark)).toEqual([]);
  const of = (name: string): Trial => read(cwd, "r.json").variants[name]!.trials[0]!;
  for (const name of ["close", "keep"]) {
    const { connections, requests, claims } = of(`${name}-k6`);
    expect([connections.opened, requests.served]).toEqual([of(name).connections.opened, 40]);
    expect(claims).toMatchObject({ requests: 40, failed: 0 });
  }
});

/** The client's host in the lab of this run, once it holds TIME_WAIT. */
async function clientOf(lab: number): Promise<number> {
  for (;;) {
    const { stdout } = await runBench(["states", "--lab", "--format", "json"]);
    const { namespaces } = JSON.parse(stdout === "" ? '{"namespaces":[]}' : stdout) as StatesDocument;
    for (const { place, population } of namespaces)
      if (place.kind === "host" && place.lab?.pid === lab && place.host === "client" && population.timeWait > 20)
        return place.pid;
  }
}

test("two labs that are watched, as pods would be, become one result of two hosts", async () => {
  const cwd = temporaryFolder();
  const load = { client: "undici", connection: "close", closer: "client", connections: 4, rate: 40, duration: "60s" };
  writeFileSync(join(cwd, "s.yaml"), JSON.stringify({ title: "pods", load }));
  const pods = ["one", "two"].map((name) => startBench(["run", "s.yaml", "-q", "-o", `${name}.run.json`], { cwd }));
  const watched = await Promise.all(
    pods.map(async ({ pid }, at) => {
      const host = await clientOf(pid);
      return runBench(
        ["watch", "--pid", String(host), "--every", "500ms", "--count", "4", "--record", `pod-${at + 1}.json`],
        { cwd },
      );
    }),
  );
  for (const pod of pods) pod.kill("SIGINT");
  await Promise.all(pods.map(({ finished }) => finished));
  expect(watched.map(({ exitCode }) => exitCode)).toEqual([0, 0]);
  const imported = await runBench(["import", "pod-1.json", "pod-2.json", "--output", "all.json"], { cwd });
  expect([imported.exitCode, imported.stderr]).toEqual([0, ""]);
  const { hosts, links } = read(cwd, "all.json").variants["watched"]!.trials[0]!;
  expect(Object.keys(hosts!).toSorted()).toEqual(["pod-1", "pod-2"]);
  for (const pod of ["pod-1", "pod-2"]) {
    const [link] = Object.values(links![pod]!);
    expect(link!.opened).toBe(hosts![pod]!.opened);
    expect(link!.timeWait.from.created).toBeGreaterThan(0);
  }
  const reported = await runBench(["report", "all.json"], { cwd });
  expect(reported.stdout).toContain("pod-2");
});
