import type { Axis } from "../types.js";

/** Where a value lies between the ends of its axis, from 0 to 1. */
export function position({ scale, min, max }: Pick<Axis, "scale" | "min" | "max">, value: number): number {
  const part =
    scale === "log"
      ? Math.log(Math.max(value, min) / min) / Math.log(max / min)
      : (value - min) / Math.max(Number.MIN_VALUE, max - min);
  return Math.max(0, Math.min(1, part));
}
