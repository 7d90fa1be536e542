import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { claimResult, untested } from "../report/claim-fixture.js";
import { benchHere } from "../support/here.js";
import { temporaryFolder } from "../support/temporary.js";

const results = [claimResult(), untested("conntrack-timeout")];

function saved(): string {
  const folder = temporaryFolder();
  writeFileSync(join(folder, "claims.json"), JSON.stringify({ schemaVersion: 1, results }));
  return folder;
}

test("of several claims there is one list, and each has its whole report on demand", async () => {
  const cwd = saved();
  const all = await benchHere(["report", "claims.json"], { cwd });
  expect(all).toMatchObject({ exitCode: 0, stderr: "" });
  expect(all.stdout).toMatch(/^2 claims: 1 partly, 1 not testable here\n/u);
  const one = await benchHere(["report", "claims.json", "--scenario", "claims/same-port-bind"], { cwd });
  expect(one.exitCode).toBe(0);
  expect(one.stdout).toMatch(/again errno +EADDRINUSE +none\n/u);
  const asJson = ["report", "claims.json", "--scenario=claims/conntrack-timeout", "--format", "json"];
  expect(JSON.parse((await benchHere(asJson, { cwd })).stdout)).toEqual(results[1]);
});

test("a scenario that the file does not have is refused, with those that it has", async () => {
  const run = await benchHere(["report", "claims.json", "--scenario", "claims/same-port-bin"], { cwd: saved() });
  expect(run).toMatchObject({ exitCode: 2, stdout: "" });
  expect(run.stderr).toContain("Did you mean claims/same-port-bind?");
  expect(run.stderr).toContain("claims/conntrack-timeout");
});
