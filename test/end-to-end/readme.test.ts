import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "vitest";
import { render } from "../../src/report/render.js";
import { readResult, resultsOf } from "../../src/result/file.js";
import { CLAIMS_COMMAND } from "../claims/verdicts.js";
import { ROOT, runBench, runProgram } from "../support/bench.js";
import { keep, leftIn, likeACheckout, ownProject } from "../support/checkout.js";
import { commandsOf, filesOf, markdownFiles, readBlocks } from "../support/readme.js";
import { temporaryFolder } from "../support/temporary.js";

/** A scenario may start it; its text is not the point where it is not shown. */
const MY_SERVER = {
  name: "my-server.js",
  text: 'const [host, port] = process.argv.slice(2); require("node:http").createServer((_, response) => response.end("hi")).listen(port, host);',
};
/** Several run at the same time, some of them for half a minute, and other work may take the machine's time. */
const TIMEOUT_MS = 300_000;

const DOCUMENTS = markdownFiles().map((name) => ({ name, blocks: readBlocks(name) }));
const TRIED = DOCUMENTS.filter(({ blocks }) => blocks.flatMap(commandsOf).length + filesOf(blocks).length > 0);
const BLOCKS = DOCUMENTS.flatMap(({ blocks }) => blocks);
const yamlThatBegins = (start: string): string =>
  BLOCKS.find(({ language, text }) => language === "yaml" && text.startsWith(start))?.text ?? "";

test("there are commands to try", ({ expect }) => {
  expect(BLOCKS.flatMap(commandsOf).length).toBeGreaterThan(15);
});

describe.concurrent.each(TRIED)("each command works that is shown in $name", { timeout: TIMEOUT_MS }, ({ blocks }) => {
  const files = [MY_SERVER, ...filesOf(blocks)];
  const write = (folder: string): void => {
    for (const { name, text } of files) writeFileSync(join(folder, name), text);
  };

  for (const block of blocks) {
    // All claims are run once, by test/claims/all.test.ts.
    const commands = commandsOf(block).filter(({ command }) => command !== CLAIMS_COMMAND);
    if (commands.length === 0) continue;
    test(`line ${block.line}: ${commands[0]!.command}`, async ({ expect, onTestFinished }) => {
      const folder = temporaryFolder({ onTestFinished });
      const inCheckout = !block.words.includes("elsewhere");
      const { cwd, env } = inCheckout ? likeACheckout(folder) : ownProject(folder);
      write(cwd);
      if (inCheckout) keep(cwd);
      for (const { command, exitCode } of commands) {
        const run = await runProgram("sh", ["-c", command], { cwd, env, timeoutMs: TIMEOUT_MS });
        expect(run.exitCode, `${command}\n${run.stderr}${run.stdout.slice(-2_000)}`).toBe(exitCode);
        expect(run.stderr).not.toMatch(/^bug:/mu);
      }
      if (inCheckout) expect(leftIn(cwd)).toBe("");
    });
  }

  for (const { name, text } of files.filter((file) => file.name.endsWith(".yaml")))
    test(`${name} runs, and what it expects holds`, async ({ expect, onTestFinished }) => {
      const { cwd } = ownProject(temporaryFolder({ onTestFinished }));
      write(cwd);
      const shorter = /^\s*duration:/mu.test(text) ? ["--duration", "500ms"] : [];
      const run = await runBench(["run", `./${name}`, ...shorter], { cwd, timeoutMs: TIMEOUT_MS });
      expect(`${run.exitCode} ${run.stderr}`).toMatch(/^0 /u);
    });
});

test("the output in the README's first screen is that of the sample result", async ({ expect }) => {
  const results = resultsOf(await readResult(join(ROOT, "results/sample.json")));
  const drawn = render(results, "terminal", { width: 100, color: false }).trimEnd();
  const first = readBlocks("README.md").find(({ language }) => language === "console");
  expect(first?.text).toBe(`$ npx bench run close-vs-keepalive\n${drawn}\n`);
});

test("the example of a claim comes to a verdict", async ({ expect }) => {
  const cwd = temporaryFolder();
  writeFileSync(join(cwd, "port.yaml"), yamlThatBegins("# port.yaml") + yamlThatBegins("claim:"));
  const run = await runBench(["run", "./port.yaml"], { cwd });
  expect(run.stdout).toMatch(/^confirmed: None of 20 connected again: EADDRNOTAVAIL\.$/mu);
});

test("the example of expectations is understood", async ({ expect }) => {
  const cwd = temporaryFolder();
  const variants = "variants:\n  close: { load: { connection: close } }\n  keep-alive: {}\n";
  writeFileSync(join(cwd, "expectations.yaml"), `title: t\n${variants}${yamlThatBegins("expect:")}`);
  expect(await runBench(["show", "expectations.yaml"], { cwd })).toMatchObject({ exitCode: 0, stderr: "" });
});
