import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { COMMANDS } from "../../src/commands/definitions.js";
import { temporaryFolder } from "../support/temporary.js";

const CLI = fileURLToPath(new URL("../../dist/cli.js", import.meta.url));

/** A folder with `bench` in it, and a file and a scenario. */
function home(): { cwd: string; env: NodeJS.ProcessEnv } {
  const cwd = temporaryFolder();
  mkdirSync(join(cwd, "bin"));
  mkdirSync(join(cwd, "scenarios"));
  symlinkSync(CLI, join(cwd, "bin/bench"));
  writeFileSync(join(cwd, "mine.json"), "{}");
  writeFileSync(join(cwd, "scenarios/only-mine.yaml"), "load: { requests: 1 }\n");
  return { cwd, env: { ...process.env, PATH: `${join(cwd, "bin")}:${process.env["PATH"]}` } };
}

/** What bash offers after these words; the last one is being written. */
function offered(...words: string[]): string[] {
  const line = words.map((word) => `'${word}'`).join(" ");
  const script = `
    source <(bench completion bash)
    COMP_WORDS=(bench ${line}); COMP_CWORD=${words.length}
    _bench bench
    printf '%s\\n' "\${COMPREPLY[@]}"`;
  return execFileSync("bash", ["-c", script], { ...home(), encoding: "utf8" })
    .split("\n")
    .filter((word) => word !== "");
}

test("bash completes commands, options, their values, scenarios and files", () => {
  expect(offered("")).toEqual(expect.arrayContaining(COMMANDS.map(({ name }) => name)));
  expect(offered("co")).toEqual(["compare", "completion"]);
  expect(offered("run", "--dur")).toEqual(["--duration"]);
  expect(offered("run", "x", "--format", "")).toEqual(["terminal", "json", "markdown"]);
  expect(offered("run", "only-m")).toEqual(["only-mine"]);
  expect(offered("report", "mi")).toEqual(["mine.json"]);
  expect(offered("run", "x", "--output", "mi")).toEqual(["mine.json"]);
  expect(offered("help", "sh")).toEqual(["show"]);
  expect(offered("completion", "f")).toEqual(["fish"]);
  expect(offered("list", "")).toEqual([]);
});

test.each(["bash", "zsh", "fish"])("the script for %s is one that it understands", (shell) => {
  const { cwd, env } = home();
  const script = execFileSync(CLI, ["completion", shell], { cwd, env, encoding: "utf8" });
  for (const { name, options } of COMMANDS) {
    expect(script).toContain(name);
    for (const option of Object.keys(options)) expect(script).toContain(option);
  }
  const checked = spawnSync(shell, ["-n"], { input: script, encoding: "utf8" });
  // A shell that is not installed cannot say anything.
  if (checked.error === undefined) expect(checked).toMatchObject({ status: 0, stderr: "" });
  else expect((checked.error as NodeJS.ErrnoException).code).toBe("ENOENT");
});
