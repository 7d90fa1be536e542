import { expect, test } from "vitest";
import { monotonicMs } from "../../src/kernel/clock.js";
import { plainSleeper, sleeper } from "../../src/kernel/sleep.js";

/** How long it slept. */
function slept(sleep: (atMs: number) => void, forMs: number): number {
  const before = monotonicMs();
  sleep(before + forMs);
  return monotonicMs() - before;
}

test.each([
  ["by the kernel", sleeper()],
  ["where no system call can be made", plainSleeper()],
])("sleeps until then, fractions of a millisecond included: %s", (_how, sleep) => {
  // Somewhat less long is allowed, but not every time: a thread would look at its clock again and again.
  const full = [0.4, 3.7, 12.25].filter((forMs) => slept(sleep, forMs) >= forMs - 0.1);
  expect(full.length).toBeGreaterThan(1);
});

test.each([
  ["by the kernel", sleeper()],
  ["where no system call can be made", plainSleeper()],
])("does not sleep for a time that is over: %s", (_how, sleep) => {
  const spent = [-0.1, -1, -5000].map((forMs) => slept(sleep, forMs));
  expect(Math.min(...spent)).toBeLessThan(5);
});

test("a second that is just about to be full is one that the kernel takes", () => {
  const sleep = sleeper();
  for (const atMs of [999.999_999_9, 1_999.999_999_99]) expect(() => sleep(atMs)).not.toThrow();
});
