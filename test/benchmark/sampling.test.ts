import { expect, test } from "vitest";
import { measureReadings } from "./sampling.js";

test("each means reads a table whose sockets were made for it, and sees them all", async () => {
  const rows = await measureReadings(300);
  expect(rows.map(({ method, sockets, present }) => [method, sockets, present])).toEqual(
    ["gauge", "netlink", "proc", "ss"].map((method) => [method, 300, 300]),
  );
  for (const { readings, leastUs, medianUs } of rows) {
    expect(readings).toBeGreaterThan(0);
    expect(leastUs).toBeGreaterThan(0);
    expect(medianUs).toBeGreaterThanOrEqual(leastUs);
  }
});
