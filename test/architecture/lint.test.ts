import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { temporaryFolder } from "../support/temporary.js";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));

/** The rules that a file of this name and text breaks, sorted. */
function brokenRules(path: string, text: string): string[] {
  const folder = temporaryFolder();
  const config = readFileSync(join(ROOT, ".oxlintrc.json"), "utf8");
  writeFileSync(join(folder, ".oxlintrc.json"), config.replace('"typeAware": true', '"typeAware": false'));
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
  const oxlint = join(ROOT, "node_modules/oxlint/bin/oxlint");
  const { stdout } = spawnSync(process.execPath, [oxlint, "-f", "json"], { cwd: folder, encoding: "utf8" });
  const { diagnostics } = JSON.parse(stdout) as { diagnostics: { code: string }[] };
  return diagnostics.map(({ code }) => code).toSorted();
}

const PRINTS = 'console.log("x");\n';
const READS_ENV = "export const home = process.env.HOME;\n";
const READS_ARGV = "export const args = process.argv.slice(2);\n";
const EXITS = "export const stop = () => process.exit(1);\n";

describe("the lint rules", () => {
  test("keep the console, the environment and the arguments out of a room", () => {
    expect(brokenRules("src/lab/fake.ts", PRINTS)).toEqual(["eslint(no-console)"]);
    expect(brokenRules("src/lab/fake.ts", READS_ENV)).toEqual(["eslint(no-restricted-properties)"]);
    expect(brokenRules("src/lab/fake.ts", READS_ARGV)).toEqual(["eslint(no-restricted-properties)"]);
    expect(brokenRules("src/lab/fake.ts", EXITS)).toEqual(["eslint(no-restricted-properties)"]);
    expect(
      brokenRules("src/lab/fake.ts", 'import { env } from "node:process";\nexport const home = env.HOME;\n'),
    ).toEqual(["eslint(no-restricted-imports)"]);
  });

  test("let src/cli.ts do all of that", () => {
    expect(brokenRules("src/cli.ts", PRINTS + READS_ENV + READS_ARGV + EXITS)).toEqual([]);
  });

  test("let an entry point read its arguments and end, but neither print nor read the environment", () => {
    expect(brokenRules("src/agent.ts", READS_ARGV + EXITS)).toEqual([]);
    expect(brokenRules("src/agent.ts", PRINTS)).toEqual(["eslint(no-console)"]);
    expect(brokenRules("src/agent.ts", READS_ENV)).toEqual(["eslint(no-restricted-properties)"]);
  });

  test("take no `any` and no loose comparison", () => {
    expect(brokenRules("src/stats/fake.ts", "export const a = (b: any) => b == 1;\n")).toEqual([
      "eslint(eqeqeq)",
      "typescript(no-explicit-any)",
    ]);
  });
});
