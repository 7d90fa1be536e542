import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { KEEPS, service } from "../end-to-end/service.js";
import { benchHere } from "../support/here.js";

test.each([
  [["--base", KEEPS], /--base needs the other side/u],
  [["--head", KEEPS], /--head needs the other side/u],
  [["--base", KEEPS, "--head", KEEPS, "--base-ref", "main"], /not both/u],
  [["--head-ref", "main"], /--head-ref needs a base/u],
  [["--build", "make"], /--build needs a base/u],
  [["--strict"], /--strict is about two sides/u],
  [["--gates", "g.yaml"], /--gates is about two sides/u],
  [["--base", "", "--head", KEEPS], /--base/u],
  [["--base", KEEPS, "--head", KEEPS, "--trials", "0"], /--trials takes a whole number/u],
  [["--base", KEEPS, "--head", KEEPS, "--gates", "missing.yaml"], /no file missing\.yaml/u],
  [["--base", KEEPS, "--head", KEEPS, "--gates", "typo.yaml"], /typo\.yaml:1:3: [^]*no variant `slwo`/u],
  [["--base", KEEPS, "--head", KEEPS, "--save-baseline", "b.json"], /a baseline is of one side/u],
  [["--base-ref", "main"], /is in no git repository/u],
  [["--base-ref", "main", "--server", "node"], /starts no program of yours \(server\.kind is node\)/u],
] as const)("bench run %j: a sentence, a hint, exit code 2, and nothing is written", async (args, sentence) => {
  const cwd = service();
  writeFileSync(join(cwd, "typo.yaml"), "- slwo.latencyUs.p99 not worse\n");
  const ended = await benchHere(["run", "service.yaml", "-o", "r.json", ...args], { cwd });
  expect(ended).toMatchObject({ exitCode: 2, stdout: "" });
  expect(ended.stderr).toMatch(/^error: /mu);
  expect(ended.stderr).toMatch(sentence);
  expect(ended.stderr).toMatch(/^hint: /mu);
  expect(existsSync(join(cwd, "r.json"))).toBe(false);
});
