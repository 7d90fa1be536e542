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
  const run = await benchHere(["audit", "wrk", "--duration", "1s", "--connections", "5", "--format", "json", "-q"], {
    cwd,
  });
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
  expect(of("ports-used-up").figures!.kernels.ports).toEqual({ used: 1000, limit: 1000 });
  const codes = (name: string): string[] => of(name).differences.map(({ code }) => code);
  expect(codes("keep-alive")).toContain("connections-more");
  expect(codes("ports-used-up")).toEqual(expect.arrayContaining(["ports-held", "rate-over-silence"]));
  expect(of("server-answers-500").figures!.server!.faults).toBeGreaterThan(100);
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
  expect(ended.stdout).toContain("What it says of itself is not read");
});

test("a tool that is not here is told with what installs it, once", async () => {
  const cwd = temporaryFolder();
  const { exitCode, stderr } = await benchHere(["audit", "wrk", "-q"], { cwd, env: { PATH: cwd, HOME: cwd } });
  expect(stderr).toBe("error: the load generator wrk was not found\nhint: Install it: apt-get install wrk\n");
  expect(exitCode).toBe(3);
});
