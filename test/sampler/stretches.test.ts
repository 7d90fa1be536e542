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
  let othersMs = 0;
  const others = setInterval(() => {
    const began = performance.now();
    work(20);
    othersMs += performance.now() - began;
  }, 1);
  const began = performance.now();
  const costMs = await inStretches(() => {
    work(5);
    return ++steps < 5;
  });
  const elapsedMs = performance.now() - began;
  clearInterval(others);
  expect(othersMs).toBeGreaterThan(20);
  expect(costMs).toBeGreaterThanOrEqual(25);
  // Both clocks are read at slightly different moments.
  expect(costMs).toBeLessThanOrEqual(elapsedMs - othersMs + 1);
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
