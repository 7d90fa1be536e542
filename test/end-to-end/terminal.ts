import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import { Headless } from "../screen/headless.js";
import { DIST, type RunningBench, startProgram } from "../support/bench.js";

const SIZE = { columns: 100, rows: 30 };
/** Of the alternate screen. */
export const [ENTER, LEAVE] = ["\u001b[?1049h", "\u001b[?1049l"];

/** A shell's script in a terminal (util-linux' `script`), with `bench` for the program that was built. */
export function inTerminal(script: string, cwd: string, more: Readonly<Record<string, string>> = {}): RunningBench {
  const { columns, rows } = SIZE;
  const whole = `stty cols ${columns} rows ${rows}; bench() { "${process.execPath}" "${DIST}cli.js" "$@"; }; ${script}`;
  writeFileSync(join(cwd, "script.sh"), whole);
  const env = { TERM: "xterm-256color", LANG: "C.UTF-8", SHELL: "/bin/bash", ...more };
  return startProgram("script", ["-qefc", "bash script.sh", "/dev/null"], { cwd, env, typed: true });
}

/** What a terminal of that size shows after all of it. */
export async function shown(output: string): Promise<Headless> {
  const terminal = new Headless(SIZE);
  terminal.write(Buffer.from(output));
  await terminal.settled();
  return terminal;
}

export async function expectRestored(output: string): Promise<void> {
  expect((await shown(output)).buffer).toBe("normal");
  expect(output.lastIndexOf("\u001b[?25h")).toBeGreaterThan(output.lastIndexOf("\u001b[?25l"));
  expect(output.lastIndexOf("\u001b[?2026l")).toBeGreaterThan(output.lastIndexOf("\u001b[?2026h"));
  const [before, after] = [...output.matchAll(/modes (\S+)/gu)].map(([, modes]) => modes);
  expect(after).toBe(before);
}

/** The terminal's modes are printed before and after. */
export const asked = (command: string): string =>
  `echo modes $(stty -g); ${command}; code=$?; echo modes $(stty -g); exit $code`;
