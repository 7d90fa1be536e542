import { expect, test } from "vitest";
import { inStretches } from "../../src/sampler/stretches.js";

/** Keeps the processor busy. */
function work(ms: number): void {
  const until = performance.now() + ms;
  while (performance.now() < until);
}

test("work that takes long gives way to timers many times", async () => {
  let turns = 0;
  const timer = setInterval(() => turns++, 1);
  let steps = 0;
  const costMs = await inStretches(() => {
    work(1);
    return ++steps < 100;
  });
  clearInterval(timer);
  expect(steps).toBe(100);
  // 100 ms of work in stretches of 4 are 25.
  expect(turns).toBeGreaterThan(8);
  expect(costMs).toBeGreaterThanOrEqual(100);
});

test("the time that others take is not its cost", async () => {
  let steps = 0;
  const others = setInterval(() => work(20), 1);
  const costMs = await inStretches(() => {
    work(5);
    return ++steps < 5;
  });
  clearInterval(others);
  // Four times it gives way, for 20 ms or more; its own work are five times five.
  expect(costMs).toBeLessThan(80);
});

test("an error ends it", async () => {
  let steps = 0;
  const failing = inStretches(() => {
    if (++steps === 3) throw new Error("third");
    return true;
  });
  await expect(failing).rejects.toThrow("third");
  expect(steps).toBe(3);
});
