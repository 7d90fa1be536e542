import { existsSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { runBench, runProgram, startBench, startProgram } from "./bench.js";
import { temporaryFolder } from "./temporary.js";

const node = (script: string, ...args: string[]): string[] => ["-e", script, "--", ...args];

describe("a program under test", () => {
  test("gives its streams apart, and its exit code", async () => {
    const run = await runProgram("sh", ["-c", 'echo out "$1"; echo err >&2; exit 3', "sh", "with argument"]);
    expect(run).toMatchObject({ stdout: "out with argument\n", stderr: "err\n", exitCode: 3, signal: null });
  });

  test("runs in the folder and environment that it is given, without what the test runner adds", async () => {
    const cwd = temporaryFolder();
    const script = 'pwd; echo "$GIVEN,${TAKEN-gone},${CI-gone},${VITEST-gone},${NO_COLOR-gone}"';
    const run = await runProgram("sh", ["-c", script], { cwd, env: { GIVEN: "yes", TAKEN: undefined } });
    expect(run.stdout).toBe(`${cwd}\nyes,gone,gone,gone,gone\n`);
  });

  test("gets its signal once it has said the words", async () => {
    const script = 'process.on("SIGINT", () => process.exit(130)); console.error("ready"); setInterval(() => {}, 1000)';
    const run = await runProgram(process.execPath, node(script), {
      signalAfter: { signal: "SIGINT", after: /ready/u },
    });
    expect(run).toMatchObject({ exitCode: 130, stderr: "ready\n" });
  });

  test("gets its signal after a time", async () => {
    const run = await runProgram("sleep", ["60"], { signalAfter: { signal: "SIGTERM", after: 50 } });
    expect(run).toMatchObject({ exitCode: null, signal: "SIGTERM" });
  });

  test("that does not end is killed, and its words are shown", async () => {
    const run = runProgram("sh", ["-c", "echo waiting; exec sleep 60"], { timeoutMs: 300 });
    await expect(run).rejects.toThrow(/still running after 300 ms[^]*waiting/u);
  });

  test("that cannot be started fails the test", async () => {
    await expect(runProgram("/no/such/program", [])).rejects.toThrow("ENOENT");
  });

  test("that ends without the awaited words fails the wait", async () => {
    const running = startProgram("sh", ["-c", "echo other >&2; exit 2"]);
    await expect(running.said(/never/u)).rejects.toThrow(/ended with 2 before it said [^]*other/u);
  });

  test("runs as another user where that is asked for", async () => {
    const ours = process.getuid?.() ?? 0;
    const uid = ours === 0 ? 65_534 : ours;
    const run = await runProgram("id", ["-u"], { uid });
    expect(run.stdout).toBe(`${uid}\n`);
  });

  test("runs behind a wrapper", async () => {
    const wrapper = ["sh", "-c", 'ulimit -n 256; exec "$@"', "sh"];
    const run = await runProgram("sh", ["-c", "ulimit -n"], { wrapper });
    expect(run.stdout).toBe("256\n");
  });
});

describe("the built command line", () => {
  test("runs with its arguments", async () => {
    const run = await runBench(["--version"]);
    expect(run).toMatchObject({ stdout: expect.stringMatching(/^time-wait-bench \d/u), stderr: "", exitCode: 0 });
  });

  test("runs beside the test", async () => {
    const running = startBench(["--help"]);
    await running.said(/bench run/u);
    expect(await running.finished).toMatchObject({ exitCode: 0 });
  });
});

describe("a temporary folder", () => {
  let last = "";

  test("is empty and writable by all", () => {
    last = temporaryFolder();
    expect(statSync(last).mode & 0o777).toBe(0o777);
    writeFileSync(join(last, "file"), "text");
  });

  test("is gone after its test", () => {
    expect(last).not.toBe("");
    expect(existsSync(last)).toBe(false);
  });
});
