import { execFileSync } from "node:child_process";
import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { render } from "../../src/report/render.js";
import { readResult, resultsOf } from "../../src/result/file.js";
import { CLAIMS_COMMAND } from "../claims/verdicts.js";
import { DIST, ROOT, runBench, runProgram } from "../support/bench.js";
import { temporaryFolder } from "../support/temporary.js";

const README = readFileSync(join(ROOT, "README.md"), "utf8");

function blocks(language: string): string[] {
  return [...README.matchAll(new RegExp(`^\`\`\`${language}\\n([^]*?)^\`\`\``, "gmu"))].map((match) => match[1]!);
}

/** What runs these tests has been installed by the one already; the other is test/claims/all.test.ts. */
const DONE_ELSEWHERE = new Set(["npm ci", CLAIMS_COMMAND]);
const commands = blocks("sh")
  .flatMap((block) => block.split("\n"))
  .map((line) => line.replace(/\s+#.*$/u, "").trim())
  .filter((line) => line !== "" && !DONE_ELSEWHERE.has(line));

/** A folder like a checkout, that the commands may write into. */
function checkout(): string {
  const folder = temporaryFolder();
  for (const path of ["results/sample.json", "results/baseline.json", "test/fixtures/service"])
    cpSync(join(ROOT, path), join(folder, path), { recursive: true });
  // As npx would find it.
  writeFileSync(join(folder, "npx"), `#!/bin/sh\nshift\nexec "${process.execPath}" "${DIST}cli.js" "$@"\n`, {
    mode: 0o755,
  });
  // What compares two revisions needs some.
  const git = ["-c", "user.name=n", "-c", "user.email=e@example.org"];
  for (const args of [
    ["init", "--quiet", "--initial-branch", "main"],
    ["add", "test"],
    ["commit", "-qm", "first"],
  ])
    execFileSync("git", [...git, ...args], { cwd: folder });
  return folder;
}

describe("each command of the README works", () => {
  test("there are commands to try", () => expect(commands.length).toBeGreaterThan(10));

  test.each(commands)("%s", async (command) => {
    const cwd = checkout();
    const run = await runProgram("sh", ["-c", command], { cwd, env: { PATH: `${cwd}:${process.env["PATH"]}` } });
    // 1: measured, and a machine too slow for the expectation.
    expect(`${run.exitCode} ${run.stderr}`).toMatch(/^[01] /u);
    expect(run.stderr).not.toMatch(/^(?:error|bug):/mu);
    expect(run.stdout).not.toBe("");
  });
});

test("the output in the README's first screen is that of the sample result", async () => {
  const results = resultsOf(await readResult(join(ROOT, "results/sample.json")));
  const drawn = render(results, "terminal", { width: 100, color: false }).trimEnd();
  expect(blocks("console")[0]).toBe(`$ npx bench run close-vs-keepalive\n${drawn}\n`);
});

test("the README's example of a scenario runs", async () => {
  const cwd = temporaryFolder();
  const example = blocks("yaml").find((block) => block.startsWith("# my-service.yaml"))!;
  writeFileSync(join(cwd, "my-service.yaml"), example);
  writeFileSync(
    join(cwd, "my-server.js"),
    'const [host, port] = process.argv.slice(2); require("node:http").createServer((_, response) => response.end("hi")).listen(port, host);',
  );
  const run = await runBench(["run", "my-service.yaml", "--duration", "500ms"], { cwd });
  expect(run.stderr).not.toContain("error");
  expect(run.exitCode).toBe(0);
});

test.each(["port.yaml", "nat.yaml", "proxy.yaml"])("the README's %s runs, and what it expects holds", async (name) => {
  const cwd = temporaryFolder();
  const example = blocks("yaml").find((block) => block.startsWith(`# ${name}`));
  expect(example).toBeDefined();
  writeFileSync(join(cwd, name), example!);
  const run = await runBench(["run", `./${name}`], { cwd });
  expect(`${run.exitCode} ${run.stderr}`).toMatch(/^0 /u);
  expect(run.stdout).toMatch(/^holds: /mu);
});

test("the README's example of a claim comes to a verdict", async () => {
  const cwd = temporaryFolder();
  const [scenario, claim] = ["# port.yaml", "claim:"].map((start) =>
    blocks("yaml").find((block) => block.startsWith(start)),
  );
  writeFileSync(join(cwd, "port.yaml"), `${scenario!}${claim!}`);
  const run = await runBench(["run", "./port.yaml"], { cwd });
  expect(run.stdout).toMatch(/^confirmed: None of 20 connected again: EADDRNOTAVAIL\.$/mu);
});

test("the README's example of expectations is understood", async () => {
  const cwd = temporaryFolder();
  const expectations = blocks("yaml").find((block) => block.startsWith("expect:"))!;
  writeFileSync(
    join(cwd, "expectations.yaml"),
    `title: t\nvariants:\n  close: { load: { connection: close } }\n  keep-alive: {}\n${expectations}`,
  );
  expect(await runBench(["show", "expectations.yaml"], { cwd })).toMatchObject({ exitCode: 0, stderr: "" });
});
