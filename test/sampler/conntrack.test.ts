import fc from "fast-check";
import { expect, test } from "vitest";
import { ConntrackWatch, trackedConnections, trackedTimeWait } from "../../src/sampler/conntrack.js";

const dumpOf = (entries: number, costMs: number) => async () => ({ entries, longestLeftMs: null, costMs });

test("nothing is looked through where nothing is tracked", async () => {
  const watch = new ConntrackWatch(() => expect.unreachable("dumped"));
  expect(await watch.look(0, () => 1_000, true)).toEqual({ count: 0, timeWait: 0, costUs: 0 });
});

test("entries are looked through for no more than a twentieth of the time, but at the end whatever it costs", async () => {
  const costs = fc.array(fc.double({ min: 0.1, max: 600, noNaN: true }), { minLength: 5, maxLength: 40 });
  await fc.assert(
    fc.asyncProperty(costs, async (costOfDumps) => {
      let nowMs = 0;
      let spentMs = 0;
      let last = 0;
      const watch = new ConntrackWatch(async () => {
        const costMs = (last = costOfDumps[Math.floor(nowMs / 1_000) % costOfDumps.length]!);
        spentMs += costMs;
        nowMs += costMs;
        return { entries: 7, longestLeftMs: null, costMs };
      });
      for (const _ of costOfDumps) {
        const { count, timeWait, costUs } = await watch.look(9, () => nowMs, false);
        expect(count).toBe(9);
        expect(timeWait).toBe(costUs > 0 ? 7 : null);
        // The last one's rest may still lie ahead.
        expect(spentMs - last).toBeLessThanOrEqual(nowMs / 20);
        nowMs += 1_000;
      }
      expect(await watch.look(9, () => nowMs, true)).toMatchObject({ timeWait: 7 });
    }),
  );
});

test("a dump that fails is tried again, but not at once", async () => {
  let failing = true;
  let tried = 0;
  const watch = new ConntrackWatch(async () => {
    tried++;
    return failing ? null : dumpOf(3, 1)();
  });
  expect(await watch.look(9, () => 0, false)).toEqual({ count: 9, timeWait: null, costUs: 0 });
  failing = false;
  expect(await watch.look(9, () => 1_000, false)).toMatchObject({ timeWait: null });
  expect(tried).toBe(1);
  expect(await watch.look(9, () => 10_000, false)).toMatchObject({ timeWait: 3, costUs: 1_000 });
});

test("what this kernel says of itself is a number, or nothing at all", async () => {
  const count = trackedConnections();
  const tracked = await trackedTimeWait();
  if (count === null) expect(tracked).toBeNull();
  else expect(count).toBeGreaterThanOrEqual(0);
  if (tracked !== null) expect(tracked.costMs).toBeGreaterThan(0);
});
