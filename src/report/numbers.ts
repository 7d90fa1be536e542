/** Figures as people read them. A figure that is not there, or not finite, is an en dash. */

export const NOTHING = "–";

const grouped = new Intl.NumberFormat("en-US", { maximumFractionDigits: 0 });
const exact = new Intl.NumberFormat("en-US", { maximumFractionDigits: 4 });

/** `12,345`; a median may be half of something: `12.5`. */
export function count(value: number | null | undefined): string {
  if (!isNumber(value)) return NOTHING;
  return Number.isInteger(value) || Math.abs(value) >= 1000 ? grouped.format(value) : digits(value, 1);
}

/** Three or more significant digits: `1.02`, `21.9`, `8,412`. */
export function decimal(value: number | null | undefined): string {
  if (!isNumber(value)) return NOTHING;
  const size = Math.abs(value);
  if (size >= 99.95) return grouped.format(value);
  return digits(value, size >= 9.995 ? 1 : 2);
}

/** Up to four decimal places, nothing rounded to look nicer: what was held against an expectation. */
export function precise(value: number | string | null): string {
  if (typeof value === "string") return value;
  return isNumber(value) ? exact.format(value) : NOTHING;
}

/** Microseconds, three significant digits: `950 µs`, `5.12 ms`, `1.20 s`. */
export function micros(us: number | null | undefined): string {
  if (!isNumber(us)) return NOTHING;
  if (us < 999.5) return `${Number.isInteger(us) ? us : threeDigits(us)} µs`;
  if (us < 999_500) return `${threeDigits(us / 1000)} ms`;
  return `${threeDigits(us / 1_000_000)} s`;
}

/** Two of them; a unit that both share stands once: `5.12 / 7.01 ms`. */
export function microsPair(left: number | null | undefined, right: number | null | undefined): string {
  const [first, second] = [micros(left), micros(right)];
  const unit = second.split(" ")[1];
  return unit !== undefined && first.endsWith(` ${unit}`)
    ? pair(first.slice(0, -unit.length - 1), second)
    : pair(first, second);
}

/** Two figures in a cell; where neither is there, one dash says so. */
export function pair(left: string, right: string): string {
  return left === NOTHING && right === NOTHING ? NOTHING : `${left} / ${right}`;
}

/** A round figure on an axis: `500 µs`, `2 ms`, `10 s`. */
export function microsTick(us: number): string {
  if (us < 1000) return `${us} µs`;
  if (us < 1_000_000) return `${us / 1000} ms`;
  return `${grouped.format(us / 1_000_000)} s`;
}

/** A span of time from milliseconds: `350 ms`, `3.4 s`, `60 s`, `12 min`, `2.5 h`. */
export function span(ms: number | null | undefined): string {
  if (!isNumber(ms)) return NOTHING;
  if (ms < 1000) return `${Math.round(ms)} ms`;
  const seconds = ms / 1000;
  if (seconds < 9.95) return `${digits(seconds, 1)} s`;
  if (seconds < 119.5) return `${Math.round(seconds)} s`;
  if (seconds < 7200) return `${digits(seconds / 60, seconds < 600 ? 1 : 0)} min`;
  return `${grouped.format(Math.round(seconds / 3600))} h`;
}

/** A share of 0 to 1. Only the whole is `100 %` and only nothing is `0 %`. */
export function share(value: number | null | undefined): string {
  if (!isNumber(value)) return NOTHING;
  if (value > 0 && value < 0.001) return "<0.1 %";
  if (value < 1 && value > 0.999) return ">99.9 %";
  const percent = value * 100;
  return `${value === 0 || value >= 1 ? Math.round(percent) : digits(percent, percent < 1 || percent > 99 ? 1 : 0)} %`;
}

/** `1 connection`, `2 connections`. */
export function plural(value: number, one: string, many = `${one}s`): string {
  return `${count(value)} ${value === 1 ? one : many}`;
}

function isNumber(value: number | null | undefined): value is number {
  return typeof value === "number" && Number.isFinite(value);
}

function threeDigits(value: number): string {
  return value >= 99.95 ? grouped.format(value) : value.toFixed(value >= 9.995 ? 1 : 2);
}

function digits(value: number, places: number): string {
  return String(Number(value.toFixed(places)));
}
