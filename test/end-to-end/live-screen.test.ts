import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test, vi } from "vitest";
import { DIST, type RunningBench } from "../support/bench.js";
import { leftovers } from "../support/leftovers.js";
import { temporaryFolder } from "../support/temporary.js";
import { asked, ENTER, expectRestored, inTerminal, LEAVE, shown } from "./terminal.js";

const [CTRL_C, CTRL_Z] = ["\u0003", "\u001a"];
/** So many requests were answered that what is interrupted has something to report. */
const UNDER_LOAD = /[1-9]\d\d\S* answered/u;

const after = (output: string): string => output.slice(output.lastIndexOf(LEAVE) + LEAVE.length);
const RUN = 'bench run close-vs-keepalive --only close --output "$PWD/r.json"';

describe("the live screen, in a terminal,", () => {
  test("shows the run, and is followed by the report on a terminal that is as it was", async () => {
    const cwd = temporaryFolder();
    const script = `${asked(`${RUN} --duration 1500ms`).replace(/exit \$code$/u, "")} bench run who-closes -o x.json | cat; exit $code`;
    const run = await inTerminal(script, cwd).finished;
    expect(run.exitCode).toBe(0);
    await expectRestored(run.stdout);
    // Once: a run whose report goes elsewhere has its line.
    expect(run.stdout.split(ENTER)).toHaveLength(2);
    const screen = run.stdout.slice(run.stdout.indexOf(ENTER), run.stdout.lastIndexOf(LEAVE));
    const terminal = await shown(screen);
    expect(terminal.buffer).toBe("alternate");
    const picture = terminal.lines.join("\n");
    expect(picture).toMatch(/^ close-vs-keepalive/u);
    const { variants } = JSON.parse(readFileSync(join(cwd, "r.json"), "utf8")) as {
      variants: { close: { trials: [{ timeWait: { server: { end: number } } }] } };
    };
    const { end } = variants.close.trials[0].timeWait.server;
    expect(picture).toMatch(new RegExp(`TIME_WAIT server .* ${end.toLocaleString("en-US")}$`, "mu"));
    expect(after(run.stdout)).toMatch(/Requests per second[^]*result: /u);
  });

  test.each([
    ["Ctrl-C", (running: RunningBench) => running.type(CTRL_C)],
    ["SIGTERM", (_: RunningBench, pid: number) => process.kill(pid, "SIGTERM")],
  ])("%s: what was measured is reported below what stood there", async (_, stop) => {
    const cwd = temporaryFolder();
    const running = inTerminal(
      asked(
        `(echo $BASHPID > pid; exec ${RUN.replace("bench", `"${process.execPath}" "${DIST}cli.js"`)} --duration 30s)`,
      ),
      cwd,
    );
    await running.said(UNDER_LOAD);
    stop(running, Number(readFileSync(join(cwd, "pid"), "utf8")));
    const run = await running.finished;
    expect(run.exitCode).toBe(130);
    await expectRestored(run.stdout);
    expect(after(run.stdout)).toMatch(/interrupted[^]*result: /iu);
    expect(leftovers(run.mark)).toEqual([]);
  });

  test("Ctrl-Z gives the terminal back, fg takes it again, and so does an end at once by a second Ctrl-C", async () => {
    const cwd = temporaryFolder();
    const running = inTerminal(asked(`set -m; ${RUN} --duration 30s; echo stopped with $?; fg`), cwd);
    await running.said(UNDER_LOAD);
    running.type(CTRL_Z);
    await running.said(/stopped with/u);
    await running.said(/stopped with[^]*TIME_WAIT server/u);
    running.type(CTRL_C);
    await running.said(/is being saved/u);
    running.type(CTRL_C);
    const run = await running.finished;
    expect(run.exitCode).toBe(130);
    await expectRestored(run.stdout);
    const untilStopped = run.stdout.slice(0, run.stdout.indexOf("stopped with"));
    expect((await shown(untilStopped)).buffer).toBe("normal");
    expect(run.stdout.split(ENTER)).toHaveLength(3);
  });

  test("a terminal that is closed ends it as Ctrl-C does, and not by an abort of Node's", async () => {
    const cwd = temporaryFolder();
    const sample = join(DIST, "../results/sample.json");
    const bench = `"${process.execPath}" "${DIST}cli.js" replay "${sample}" --speed 0.1`;
    // A shell that outlives its terminal, and tells of us; the kernel would tell us by itself if we were in its place.
    const running = inTerminal(`trap "" HUP; (echo $BASHPID > pid; exec ${bench}); echo $? > code`, cwd);
    await running.said(/TIME_WAIT server/u);
    running.kill("SIGKILL");
    await running.finished;
    process.kill(Number(readFileSync(join(cwd, "pid"), "utf8")), "SIGHUP");
    const code = (): string => readFileSync(join(cwd, "code"), "utf8");
    await vi.waitFor(() => expect(code()).toBe("130\n"), { timeout: 20_000, interval: 50 });
  });

  test("a crash leaves the terminal as it was, and what Node says of it can be read", async () => {
    const cwd = temporaryFolder();
    const crash = "process.once('SIGUSR2', () => { throw new Error('boom'); });";
    writeFileSync(join(cwd, "crash.mjs"), crash);
    const node = `"${process.execPath}" --import "$PWD/crash.mjs" "${DIST}cli.js"`;
    const running = inTerminal(asked(`(echo $BASHPID > pid; exec ${RUN.replace("bench", node)} --duration 30s)`), cwd);
    await running.said(UNDER_LOAD);
    process.kill(Number(readFileSync(join(cwd, "pid"), "utf8")), "SIGUSR2");
    const run = await running.finished;
    expect(run.exitCode).not.toBe(0);
    await expectRestored(run.stdout);
    expect(after(run.stdout)).toContain("Error: boom");
  });
});
