import { type Language, language } from "./language.js";

/** Figures as people read them: the one formatter. A figure that is not there, or not finite, is an en dash. */

export const NOTHING = "–";

type Maybe = number | null | undefined;

const grouped = new Intl.NumberFormat("en-US", { maximumFractionDigits: 0 });
const exact = new Intl.NumberFormat("en-US", { maximumFractionDigits: 4 });
const fine = new Intl.NumberFormat("en-US", { maximumSignificantDigits: 4 });

/** What stands behind a figure; units of the SI below a second are the same everywhere. */
const UNITS: Readonly<Record<Language, { seconds: string; minutes: string; hours: string; percent: string }>> = {
  en: { seconds: " s", minutes: " min", hours: " h", percent: " %" },
  zh: { seconds: " 秒", minutes: " 分钟", hours: " 小时", percent: "%" },
};

/** `12,345`; a median may be half of something: `12.5`. */
export function count(value: Maybe): string {
  if (!isNumber(value)) return NOTHING;
  return Number.isInteger(value) || Math.abs(value) >= 1000 ? grouped.format(value) : digits(value, 1);
}

/** Two or more significant digits: `0.002`, `0.23`, `1`, `1.02`, `21.9`, `8,412`. Only nothing is `0`. */
export function decimal(value: Maybe): string {
  const text = ratio(value);
  return isNumber(value) && text.includes(".") && !text.startsWith("<") ? String(Number(text)) : text;
}

/** The same with its zeros, as in `1.00 connections per request`. */
export function ratio(value: Maybe): string {
  if (!isNumber(value)) return NOTHING;
  const size = Math.abs(value);
  if (size >= 99.95) return grouped.format(value);
  if (size === 0) return "0";
  if (size >= 0.095) return value.toFixed(size >= 9.995 ? 1 : 2);
  return size < 0.00005 ? "<0.0001" : value.toFixed(size >= 0.00095 ? 3 : 4);
}

/** Up to four decimal places, nothing rounded to look nicer: what was held against an expectation. */
export function precise(value: number | string | null): string {
  if (typeof value === "string") return value;
  return isNumber(value) ? exact.format(value) : NOTHING;
}

/** Microseconds, three significant digits: `950 µs`, `5.12 ms`, `1.20 s`. */
export function micros(us: Maybe): string {
  if (!isNumber(us)) return NOTHING;
  if (us < 999.5) return `${Number.isInteger(us) ? us : threeDigits(us)} µs`;
  if (us < 999_500) return `${threeDigits(us / 1000)} ms`;
  return `${threeDigits(us / 1_000_000)} s`;
}

/** Two of them; a unit that both share stands once: `5.12 / 7.01 ms`. */
export function microsPair(left: Maybe, right: Maybe): string {
  return pair(micros(left), micros(right));
}

/** Two figures in a cell; where neither is there, one dash says so. A unit that both share stands once. */
export function pair(left: string, right: string, between = " / "): string {
  if (left === NOTHING && right === NOTHING) return NOTHING;
  const unit = right.split(" ")[1];
  return unit !== undefined && left.endsWith(` ${unit}`)
    ? `${left.slice(0, -unit.length - 1)}${between}${right}`
    : `${left}${between}${right}`;
}

/** A round figure on an axis: `500 µs`, `2 ms`, `10 s`. */
export function microsTick(us: number): string {
  if (us < 1000) return `${us} µs`;
  if (us < 1_000_000) return `${us / 1000} ms`;
  return `${grouped.format(us / 1_000_000)} s`;
}

/** `5 s`, on an axis of seconds. */
export function seconds(value: number): string {
  return value + UNITS[language()].seconds;
}

/** A span of time from milliseconds: `350 ms`, `3.4 s`, `60 s`, `12 min`, `2 h`. */
export function span(ms: Maybe): string {
  if (!isNumber(ms)) return NOTHING;
  if (ms < 1000) return `${Math.round(ms)} ms`;
  const of = ms / 1000;
  const unit = UNITS[language()];
  if (of < 9.95) return seconds(Number(of.toFixed(1)));
  if (of < 119.5) return seconds(Math.round(of));
  if (of < 7200) return digits(of / 60, of < 600 ? 1 : 0) + unit.minutes;
  return grouped.format(Math.round(of / 3600)) + unit.hours;
}

/**
 * A share of 0 to 1, or a change by a part: `62 %`, `3.1 %`, `0.5 %`, `99.3 %`. Only the whole is `100 %` and only nothing
 * is `0 %`. Shares of one whole that stand together come from `shares`.
 */
export function share(value: Maybe): string {
  if (!isNumber(value)) return NOTHING;
  const size = Math.abs(value);
  const { percent } = UNITS[language()];
  if (size > 0 && size < 0.001) return `<0.1${percent}`;
  if (size < 1 && size > 0.999) return `>99.9${percent}`;
  return digits(value * 100, size < 0.0995 || (size > 0.99 && size < 1) ? 1 : 0) + percent;
}

/**
 * Shares of one whole, as texts that add up to 100 % where the values add up to 1 (largest remainders). With one decimal
 * place for all where one of them would be rounded away, or to the whole.
 */
export function shares(values: readonly number[]): string[] {
  if (!values.every(Number.isFinite)) return values.map(share);
  const finer = values.some((value) => value > 0 && value < 1 && (value < 0.01 || value > 0.99));
  const unitsOfOne = finer ? 1000 : 100;
  const units = values.map((value) => Math.floor(value * unitsOfOne + 1e-9));
  const whole = Math.round(values.reduce((sum, value) => sum + value, 0) * unitsOfOne);
  const byRemainder = values
    .map((value, at) => ({ at, rest: value * unitsOfOne - units[at]! }))
    .toSorted((a, b) => b.rest - a.rest);
  const missing = whole - units.reduce((sum, one) => sum + one, 0);
  for (const { at } of byRemainder.slice(0, Math.max(0, missing))) units[at]! += 1;
  const { percent } = UNITS[language()];
  return values.map((value, at) => {
    if (units[at] === 0 && value > 0) return `<0.1${percent}`;
    if (units[at] === unitsOfOne && value < 1) return `>99.9${percent}`;
    return digits((units[at]! * 100) / unitsOfOne, 1) + percent;
  });
}

/** `6.2`, `4,390`: how many times as much. */
export function multiple(times: Maybe): string {
  if (!isNumber(times)) return NOTHING;
  return times < 10 ? times.toFixed(1) : grouped.format(times);
}

/** `7.8 GiB` */
export function gibibytes(bytes: Maybe): string {
  return isNumber(bytes) ? `${(bytes / 2 ** 30).toFixed(1)} GiB` : NOTHING;
}

/** `1 connection`, `2 connections`. */
export function plural(value: number, one: string, many = `${one}s`): string {
  return `${count(value)} ${value === 1 ? one : many}`;
}

/**
 * A figure of a step or a metric, with the unit that its name says; four significant digits, for whoever asks whether it is a
 * minute wants to see by how much it is not. `metric` is a path, `again.tookMs`: times get a unit by the suffix, shares
 * a per cent sign, ports no separators. Names are given back as they are.
 */
export function figureText(metric: string, value: number | string | null): string {
  if (typeof value === "string") return value;
  if (!isNumber(value)) return "?";
  const path = metric.split(".");
  const name = path.at(-1) ?? "";
  // Percentiles stand in a group that has the unit: latencyUs.p99.
  if (name.endsWith("Ms")) return fineTime(value);
  if (path.some((part) => part.endsWith("Us"))) return fineTime(value / 1000);
  if (name.endsWith("Bytes")) return `${fineCount(value)} bytes`;
  if (path.at(-2) === "closedFirst") return fine.format(value * 100) + UNITS[language()].percent;
  return /port$/iu.test(name) ? String(value) : fineCount(value);
}

/** `450 µs`, `350 ms`, `60.01 s` */
function fineTime(ms: number): string {
  const size = Math.abs(ms);
  if (size !== 0 && size < 0.9995) return `${Number((ms * 1000).toPrecision(3))} µs`;
  if (size < 999.5) return `${Number(ms.toPrecision(3))} ms`;
  return fine.format(ms / 1000) + UNITS[language()].seconds;
}

function fineCount(value: number): string {
  return Number.isInteger(value) || Math.abs(value) >= 1000 ? grouped.format(value) : fine.format(value);
}

function isNumber(value: unknown): value is number {
  return typeof value === "number" && Number.isFinite(value);
}

function threeDigits(value: number): string {
  return value >= 99.95 ? grouped.format(value) : value.toFixed(value >= 9.995 ? 1 : 2);
}

function digits(value: number, places: number): string {
  return String(Number(value.toFixed(places)));
}
