import type { Unit } from "./types.js";

/** Figures of a comparison in words, for its reasons and its summary. */

const grouped = new Intl.NumberFormat("en-US", { maximumFractionDigits: 0 });

/** `1.00`, `0.23`, `0.002`, `12.5`, `8,412`, `5.12 ms`, `3 %`; `–` for nothing. */
export function figure(value: number | null, unit: Unit): string {
  if (value === null) return "–";
  switch (unit) {
    case "perRequest":
      return small(value);
    case "share":
      return part(value);
    case "perSec":
      return value >= 100 ? grouped.format(value) : small(value);
    case "us":
      return time(value);
  }
}

/** A part of one as a percentage; what is not the whole is never rounded to it, nor something to nothing. */
export function part(value: number): string {
  const percent = value * 100;
  const size = Math.abs(percent);
  if (size > 0 && size < 0.1) return "<0.1 %";
  if (size > 99 && size < 100) return `${(Math.floor(percent * 10) / 10).toFixed(1)} %`;
  return `${size >= 10 || Number.isInteger(percent) ? percent.toFixed(0) : percent.toFixed(1)} %`;
}

/** By how much head differs from base: `12 % more`, `3.1 % less`, `6.2 times as much`. */
export function change(ratio: number): string {
  if (ratio >= 2) return `${ratio < 10 ? ratio.toFixed(1) : grouped.format(ratio)} times as much`;
  return ratio >= 1 ? `${part(ratio - 1)} more` : `${part(1 - ratio)} less`;
}

/** `+8 % to +15 %` */
export function between({ low, high }: { low: number; high: number }): string {
  const signed = (ratio: number): string => `${ratio < 1 ? "−" : "+"}${part(Math.abs(ratio - 1))}`;
  return `${signed(low)} to ${signed(high)}`;
}

function small(value: number): string {
  if (value === 0) return "0";
  if (value >= 100) return grouped.format(value);
  if (value >= 9.995) return value.toFixed(1);
  if (value >= 0.095) return value.toFixed(2);
  if (value >= 0.00095) return value.toFixed(3);
  return value < 0.00005 ? "<0.0001" : value.toFixed(4);
}

function time(us: number): string {
  if (us < 999.5) return `${us < 9.95 ? us.toFixed(1) : us.toFixed(0)} µs`;
  if (us < 999_500) return `${(us / 1000).toFixed(us < 9995 ? 2 : us < 99_950 ? 1 : 0)} ms`;
  return `${(us / 1_000_000).toFixed(2)} s`;
}
