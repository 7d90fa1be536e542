import { performance } from "node:perf_hooks";

const TRIES = 20;

/** Both read the same clock, but `performance.now()` counts from the start of its process. */
const ORIGIN_MS = originMs(
  () => process.hrtime.bigint(),
  () => performance.now(),
);

/**
 * Where a process's own clock began on the machine's. Whoever loses the processor between the two readings would be off by
 * that, for as long as it lives: of some tries the closest counts.
 */
export function originMs(machineNs: () => bigint, ownMs: () => number): number {
  const tries = Array.from({ length: TRIES }, () => {
    const before = Number(machineNs()) / 1e6;
    const own = ownMs();
    const after = Number(machineNs()) / 1e6;
    return { gap: after - before, origin: (before + after) / 2 - own };
  });
  return tries.reduce((best, one) => (one.gap < best.gap ? one : best)).origin;
}

/**
 * The machine's monotonic clock in milliseconds, with fractions: the same in every process and namespace. Built on
 * `performance.now()` because it is read several times a request, and `hrtime.bigint()` allocates each time; imported,
 * because the global of that name is a getter, which costs a third of it again.
 */
export function monotonicMs(): number {
  return ORIGIN_MS + performance.now();
}
