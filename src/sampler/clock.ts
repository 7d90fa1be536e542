/**
 * The machine's monotonic clock in milliseconds, with fractions. The same clock in every process and namespace
 * (`performance.now()` is not: each process counts from its own start).
 */
export function monotonicMs(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}
