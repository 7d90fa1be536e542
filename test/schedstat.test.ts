import { expect, test } from "vitest";
import { ownThread, parseSchedstat, threadsOf } from "../src/schedstat.js";

test("a thread ran, and waited for a processor, for so many nanoseconds", () => {
  expect(parseSchedstat("2089216250 411290208 5121\n")).toEqual({ runMs: 2089.21625, waitMs: 411.290208 });
});

test.each([
  ["zeros, of a kernel that does not keep count", "0 0 0\n"],
  ["nothing", ""],
  ["no numbers", "a b c"],
])("%s tell nothing", (_, text) => {
  expect(parseSchedstat(text)).toBeNull();
});

test("a thread that is busy runs on, and waits no less than before", () => {
  const before = ownThread()!;
  const all = threadsOf(String(process.pid))!;
  for (const end = performance.now() + 30; performance.now() < end;);
  const after = ownThread()!;
  expect(after.runMs).toBeGreaterThan(before.runMs);
  expect(after.waitMs).toBeGreaterThanOrEqual(before.waitMs);
  expect(threadsOf(String(process.pid))!.runMs).toBeGreaterThan(all.runMs);
});
