import { count, decimal, micros, multiple, ratio, share, span } from "../text/figures.js";
import type { MetricUnit } from "../metrics/types.js";
import { sayCompared as say } from "../words/comparison.js";

/** Figures of a comparison in words, for its reasons and its summary. */

/** `1.00`, `0.23`, `0.002`, `12.5`, `8,412`, `5.12 ms`, `3 %`; `–` for nothing. */
export function figure(value: number | null, unit: MetricUnit): string {
  switch (unit) {
    case "perRequest":
    case "perConnection":
      return ratio(value);
    case "perSec":
      return decimal(value);
    case "share":
      return share(value);
    case "us":
      return micros(value);
    case "ms":
      return span(value);
    case "count":
      return count(value);
  }
}

/** By how much head differs from base: `12 % more`, `3.1 % less`, `6.2 times as much`. */
export function change(times: number): string {
  if (times >= 2) return say("times-as-much", { times: multiple(times) });
  return times >= 1 ? say("more", { part: share(times - 1) }) : say("less", { part: share(1 - times) });
}

/** `+8 % to +15 %` */
export function between({ low, high }: { low: number; high: number }): string {
  const signed = (times: number): string => `${times < 1 ? "−" : "+"}${share(Math.abs(times - 1))}`;
  return say("interval", { low: signed(low), high: signed(high) });
}
