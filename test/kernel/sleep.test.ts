import { once } from "node:events";
import { Worker } from "node:worker_threads";
import { expect, test } from "vitest";
import { monotonicMs } from "../../src/kernel/clock.js";
import { prctl, PR_GET_TIMERSLACK } from "../../src/kernel/prctl.js";
import { plainSleeper, sleeper } from "../../src/kernel/sleep.js";
import { bundled } from "../support/bundled.js";

/** The least that there is: 0 would mean the default (prctl(2)). */
const NO_SLACK = 1e-6;

/** How long it slept. */
function slept(sleep: (atMs: number) => void, forMs: number): number {
  const before = monotonicMs();
  sleep(before + forMs);
  return monotonicMs() - before;
}

test.each([
  ["by the kernel", sleeper(NO_SLACK)],
  ["where no system call can be made", plainSleeper()],
])("sleeps until then, fractions of a millisecond included: %s", (_how, sleep) => {
  // Somewhat less long is allowed, but not every time: a thread would look at its clock again and again.
  const full = [0.4, 3.7, 12.25].filter((forMs) => slept(sleep, forMs) >= forMs - 0.1);
  expect(full.length).toBeGreaterThan(1);
});

test.each([
  ["by the kernel", sleeper(NO_SLACK)],
  ["where no system call can be made", plainSleeper()],
])("does not sleep for a time that is over: %s", (_how, sleep) => {
  const spent = [-0.1, -1, -5000].map((forMs) => slept(sleep, forMs));
  expect(Math.min(...spent)).toBeLessThan(5);
});

test("a second that is just about to be full is one that the kernel takes", () => {
  const sleep = sleeper(NO_SLACK);
  for (const atMs of [999.999_999_9, 1_999.999_999_99]) expect(() => sleep(atMs)).not.toThrow();
});

test("lets the kernel be as late as it may, in its own thread alone", async () => {
  const before = prctl(PR_GET_TIMERSLACK, 0);
  const [sleepFile, prctlFile] = await Promise.all(["src/kernel/sleep.ts", "src/kernel/prctl.ts"].map(bundled));
  const other = new Worker(
    `Promise.all([import("${sleepFile}"), import("${prctlFile}")]).then(([{ sleeper }, { prctl }]) => {
      sleeper(3.5);
      require("node:worker_threads").parentPort.postMessage(prctl(${PR_GET_TIMERSLACK}, 0));
    });`,
    { eval: true },
  );
  expect(await once(other, "message")).toEqual([3_500_000]);
  expect(prctl(PR_GET_TIMERSLACK, 0)).toBe(before);
});
