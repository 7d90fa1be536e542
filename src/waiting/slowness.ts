/** Some ten thousandths of a second on any real processor of these years, once it is compiled. */
const ROUNDS = 50_000;
const USUAL_MS = 0.5;
const TRIES = 5;
const MOST = 20;

let known: number | null = null;

/**
 * How many times slower than a real processor this one computes, from 1 to 20: an emulated one (qemu without KVM) needs tens
 * of times as long for everything, and whoever waits for another process has to give it that. Of some tries the quickest
 * counts, so that a machine that has much to do is not taken for a slow one.
 */
export function slowness(): number {
  known ??= slownessOf(() => performance.now());
  return known;
}

/** Exported for tests. */
export function slownessOf(nowMs: () => number): number {
  const took = Array.from({ length: TRIES }, () => {
    const beganMs = nowMs();
    compute();
    return nowMs() - beganMs;
  });
  return Math.min(MOST, Math.max(1, Math.min(...took) / USUAL_MS));
}

function compute(): number {
  let value = 1;
  for (let round = 0; round < ROUNDS; round++) value = (Math.imul(value ^ (value >>> 15), value | 1) + round) | 0;
  return value;
}
