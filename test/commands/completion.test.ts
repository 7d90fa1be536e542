import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { COMMANDS } from "../../src/commands/definitions/commands.js";
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

/** What bash offers after each of these lines, in one shell; the last word is being written. */
function offered(lines: readonly (readonly string[])[]): string[][] {
  const looks = lines.map(
    (words) => `COMP_WORDS=(bench ${words.map((word) => `'${word}'`).join(" ")}); COMP_CWORD=${words.length}
      _bench bench; echo "\${COMPREPLY[@]}"`,
  );
  const script = ["source <(bench completion bash)", ...looks].join("\n");
  const said = execFileSync("bash", ["-c", script], { ...home(), encoding: "utf8" });
  return said
    .split("\n")
    .slice(0, -1)
    .map((line) => line.split(" ").filter((word) => word !== ""));
}

test("bash completes commands, options, their values, scenarios and files", () => {
  const cases: [string[], string[]][] = [
    [[""], [...COMMANDS.map(({ name }) => name), "--help", "--version"]],
    [["co"], ["compare", "completion"]],
    [["run", "--dur"], ["--duration"]],
    [
      ["run", "x", "--format", ""],
      ["terminal", "json", "markdown", "junit", "csv", "html"],
    ],
    [["run", "only-m"], ["only-mine"]],
    [["report", "mi"], ["mine.json"]],
    [["run", "x", "--output", "mi"], ["mine.json"]],
    [["help", "sh"], ["show"]],
    [["completion", "f"], ["fish"]],
    [["list", ""], []],
  ];
  expect(offered(cases.map(([words]) => words))).toEqual(cases.map(([, words]) => words));
});

test.each(["bash", "zsh", "fish"])("the script for %s is one that it understands", (shell) => {
  const { cwd, env } = home();
  const script = execFileSync(CLI, ["completion", shell], { cwd, env, encoding: "utf8" });
  for (const { name, options } of COMMANDS) {
    expect(script).toContain(name);
    for (const option of Object.keys(options)) expect(script).toContain(option);
  }
  const checked = spawnSync(shell, ["-n"], { input: script, encoding: "utf8" });
  // A shell that is not installed cannot say anything. EACCES: a folder of PATH is closed to this user.
  if (checked.error === undefined) expect(checked).toMatchObject({ status: 0, stderr: "" });
  else expect(["ENOENT", "EACCES"]).toContain((checked.error as NodeJS.ErrnoException).code);
});
