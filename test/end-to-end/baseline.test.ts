import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { runBench } from "../support/bench.js";
import { benchHere } from "../support/here.js";
import { temporaryFolder } from "../support/temporary.js";

test("a baseline is saved small, is a result itself, and is not replaced by a run that fails", async () => {
  const cwd = temporaryFolder();
  const run = ["run", "close-vs-keepalive", "--set", "load.requests=50", "--trials", "2", "--connections", "5"];
  const first = await runBench([...run, "--save-baseline", "base/lines.json", "-o", "full.json"], { cwd });
  expect(first.stderr).toMatch(/^baseline: .*base\/lines\.json$/mu);
  const [full, baseline] = ["full.json", "base/lines.json"].map((file) => readFileSync(join(cwd, file), "utf8"));
  expect(baseline!.length).toBeLessThan(full!.length / 2);
  expect(JSON.parse(baseline!)).toMatchObject({ schemaVersion: 2, status: "complete" });

  const same = await benchHere(["compare", "--baseline", "base/lines.json", "full.json"], { cwd });
  expect(same.exitCode).toBe(0);
  expect((await benchHere(["report", "base/lines.json"], { cwd })).exitCode).toBe(0);
  const sides = await benchHere(["compare", "--sides", "keep-alive,close", "full.json"], { cwd });
  expect(sides.exitCode).toBe(1);
  expect(sides.stdout).toMatch(/^worse: opens 1\.00 connections per request, base 0\.10/u);

  const failing = [...run, "--set", "server.kind=command", "--set", "server.command=exit 7"];
  const failed = await runBench([...failing, "--save-baseline", "base/lines.json", "-o", "failed.json"], { cwd });
  expect(failed.exitCode).toBe(3);
  expect(failed.stderr).toMatch(/no baseline/u);
  expect(JSON.parse(readFileSync(join(cwd, "failed.json"), "utf8"))).toMatchObject({ status: "failed" });
  expect(readFileSync(join(cwd, "base/lines.json"), "utf8")).toBe(baseline);
  expect((await benchHere(["compare", "base/lines.json", "failed.json"], { cwd })).exitCode).toBe(2);
});
