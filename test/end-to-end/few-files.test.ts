import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { temporaryFolder } from "../support/temporary.js";

const CLI = fileURLToPath(new URL("../../dist/cli.js", import.meta.url));

// Node itself needs some 19 to read the first file of a program; below that its own stack is all there is.
test.each([
  ["22", "list"],
  ["28", "list"],
  ["64", "run close-vs-keepalive --duration 200ms -q"],
  ["100", "run close-vs-keepalive --duration 200ms -q"],
])("with %s open files `bench %s` says so in a sentence, and ends with 3", (files, command) => {
  const ended = spawnSync("sh", ["-c", `ulimit -n ${files}; exec "${process.execPath}" "${CLI}" ${command}`], {
    cwd: temporaryFolder(),
    encoding: "utf8",
  });
  expect(ended.stderr).toMatch(/^error: .+\nhint: .*ulimit -n/u);
  expect(ended.stderr).not.toMatch(/bug:|node:internal|\n\s+at /u);
  expect(ended.status).toBe(3);
});
