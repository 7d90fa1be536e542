/**
 * Numbers from 0 to 1, the same ones for the same seed, so that a comparison of two files always says the same
 * (mulberry32: a Weyl sequence and two rounds of mixing; each of its 2^32 states comes once).
 */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d_2b_79_f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
