import { performance } from "node:perf_hooks";

/** Both read the same clock, but `performance.now()` counts from the start of its process. */
const ORIGIN_MS = Number(process.hrtime.bigint()) / 1e6 - performance.now();

/**
 * The machine's monotonic clock in milliseconds, with fractions: the same in every process and namespace. Built on
 * `performance.now()` because it is read several times a request, and `hrtime.bigint()` allocates each time; imported,
 * because the global of that name is a getter, which costs a third of it again.
 */
export function monotonicMs(): number {
  return ORIGIN_MS + performance.now();
}
