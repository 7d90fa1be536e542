import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import type { Audit, SituationAudit } from "../../src/audit/types.js";
import { startBench } from "../support/bench.js";
import { benchHere } from "../support/here.js";
import { leftovers } from "../support/leftovers.js";
import { skipUnlessInstalled } from "../support/skip.js";
import { temporaryFolder } from "../support/temporary.js";

test("what wrk says is held against a server and kernels that agree with each other", async (context) => {
  skipUnlessInstalled(context, "wrk");
  const cwd = temporaryFolder();
  const options = ["--only", "keep-alive,ports-used-up,server-answers-500", "--duration", "1s", "--connections", "5"];
  const run = await benchHere(["audit", "wrk", ...options, "--format", "json", "-q"], { cwd });
  expect(leftovers(run.mark)).toEqual([]);
  expect([run.stderr, run.exitCode]).toEqual(["", 0]);
  const { programs } = JSON.parse(run.stdout) as Audit;
  expect(programs.map(({ program }) => program)).toEqual(["wrk"]);
  const of = (name: string): SituationAudit => programs[0]!.situations.find(({ situation }) => situation === name)!;
  for (const { situation, figures } of programs[0]!.situations) {
    const { server, kernels, says } = figures!;
    expect([situation, kernels.accepted, server!.connections]).toEqual([situation, kernels.opened, kernels.opened]);
    expect(server!.requests).toBeGreaterThanOrEqual(says.requests!);
    expect(says.exitCode).toBe(0);
  }
  // It asks once before it begins (wrk.c).
  expect(of("keep-alive").figures!.kernels.opened).toBe(6);
  expect(of("ports-used-up").figures!.kernels.ports).toEqual({ used: 200, limit: 200 });
  const codes = (name: string): string[] => of(name).differences.map(({ code }) => code);
  expect(codes("keep-alive")).toContain("connections-more");
  expect(codes("ports-used-up")).toEqual(expect.arrayContaining(["ports-held", "rate-over-silence"]));
  expect(of("server-answers-500").figures!.server!.faults).toBeGreaterThan(10);
  const folder = join(cwd, "results", "audit");
  const [file = ""] = readdirSync(folder);
  const again = await benchHere(["audit", "--from", join(folder, file), "--format", "json"], { cwd });
  expect(JSON.parse(again.stdout)).toEqual({ programs });
  expect(readFileSync(join(folder, file), "utf8")).toContain("audit/ports-used-up");
});

test("an interrupted audit leaves nothing, and keeps what was measured", async () => {
  const cwd = temporaryFolder();
  const running = startBench(["audit", "sleep", "--", "trap '' TERM; sleep 600 & sleep 601; {url}"], { cwd });
  const sleeps = (): number => leftovers(running.mark).filter(({ command }) => command.startsWith("sleep")).length;
  await vi.waitFor(() => expect(sleeps()).toBe(2), { timeout: 20_000 });
  running.kill("SIGINT");
  const ended = await running.finished;
  expect(ended.exitCode).toBe(130);
  expect(leftovers(running.mark)).toEqual([]);
  expect(ended.stderr).toContain("interrupted");
  expect(ended.stdout).toContain("What it says of itself is not read");
});

// It is in no package of Debian's, and nobody installs it here.
test("a tool that is not here is told with how it is had, once", async () => {
  const cwd = temporaryFolder();
  const { exitCode, stderr } = await benchHere(["audit", "wrk2", "--rate", "100", "-q"], { cwd });
  expect(stderr).toMatch(/^error: the load generator wrk2 was not found\nhint: Install it: build .*\n$/u);
  expect(exitCode).toBe(3);
});
