import { z } from "zod/mini";
import {
  DURATION_OR_RANGE_PATTERN,
  DURATION_PATTERN,
  LONGEST_MS,
  parseDuration,
  parseDurationRange,
} from "./duration.js";

/**
 * The kinds of value that a scenario is made of. Error texts are predicates ("must be …"): problems.ts puts the field's
 * name before them and the value behind.
 */

/** Printable ASCII without `#` and `\`: nothing that could end the request line or be read as another host. */
const PATH_PATTERN = /^\/(?!\/)[!-"$-[\]-~]*$/;
const SYSCTL_KEY_PATTERN = /^net(?:\.[A-Za-z0-9_-]+)+$/;
/** Begins with a letter: JavaScript would sort names that are numbers before all others. No dots: they end it. */
const VARIANT_NAME_PATTERN = /^[A-Za-z][A-Za-z0-9_-]*$/;
/** A terminal obeys them. */
const CONTROL = /\p{Cc}/u;
const CONTROL_IN_TEXT = /(?![\n\t])\p{Cc}/u;

const MEMORY_PATTERN = /^\d{1,6} ?(?:MB|GB)$/;
const PORT_RANGE_PATTERN = /^\d{1,5}-\d{1,5}$/;

/** More than any client has been seen to send. */
const MOST_PER_SECOND = 10_000_000;

/** A field that may be left out, with its help and, if it has a fixed one, its default. */
export function field<T extends z.ZodMiniType>(schema: T, help: string, fallback?: unknown): z.ZodMiniOptional<T> {
  const meta = fallback === undefined ? { description: help } : { description: help, default: fallback };
  return z.optional(schema).check(z.meta(meta));
}

/** A field that may be left out and then has this value, so that whoever reads the fields finds it filled in. */
export function defaulted<T extends z.ZodMiniType>(
  schema: T,
  help: string,
  fallback: z.core.util.NoUndefined<z.output<T>>,
) {
  // oxlint-disable-next-line no-underscore-dangle -- its name: `default` is a keyword
  return z._default(schema.check(z.describe(help)), fallback);
}

/** What {@link field} or a check was told of it. */
export function descriptionOf(schema: z.ZodMiniType): string | undefined {
  return z.globalRegistry.get(schema)?.description;
}

/** Text of a form that an editor can check too. */
export function matching(pattern: RegExp, rule: string): z.ZodMiniString {
  return z.string({ error: rule }).check(z.regex(pattern, { error: rule }));
}

export function whole(low: number, high: number): z.ZodMiniInt {
  const error = `must be a whole number from ${low} to ${high}`;
  return z.int({ error }).check(z.gte(low, { error }), z.lte(high, { error }));
}

/** Requests per second; slow ones may need a fraction. */
export function perSecond(low: { above: number } | { from: number }): z.ZodMiniNumber {
  const least = "above" in low ? `above ${low.above}` : `from ${low.from}`;
  const error = `must be a number ${least} to ${MOST_PER_SECOND}`;
  const number = z.number({ error }).check(z.lte(MOST_PER_SECOND, { error }));
  return "above" in low ? number.check(z.gt(low.above, { error })) : number.check(z.gte(low.from, { error }));
}

export function oneLine(): z.ZodMiniString {
  const rule = "must be one line of text";
  return matching(/\S/, rule).check(z.refine((text) => !CONTROL.test(text), { error: rule }));
}

export function paragraphs(): z.ZodMiniString {
  return z.string({ error: "must be text" }).check(
    z.refine((text) => !CONTROL_IN_TEXT.test(text), {
      error: "must hold no control characters",
    }),
  );
}

export function duration(): z.ZodMiniString {
  return matching(DURATION_PATTERN, "must be a number with its unit: 500ms, 10s or 2m")
    .check(z.refine((text) => parseDuration(text) !== 0, { error: "must be at least 1ms" }))
    .check(
      z.refine((text) => (parseDuration(text) ?? 0) <= LONGEST_MS, {
        error: `must be at most ${LONGEST_MS / 60_000}m`,
      }),
    );
}

export function durationOrRange(): z.ZodMiniString {
  const within = (text: string): boolean => {
    const range = parseDurationRange(text);
    return range === null || (range.from >= 1 && range.from <= range.to && range.to <= LONGEST_MS);
  };
  return matching(DURATION_OR_RANGE_PATTERN, "must be a duration, or two: 500ms, 1s-3s").check(
    z.refine(within, {
      error: `must be from 1ms to ${LONGEST_MS / 60_000}m, the shorter first`,
    }),
  );
}

/** Bytes of memory, in the units of people who buy it. */
export function memory(): z.ZodMiniString {
  return matching(MEMORY_PATTERN, "must be a whole number with its unit: 600MB or 2GB");
}

export function portRange(): z.ZodMiniString {
  const rule = "must be two ports, low-high, from 1 to 65535";
  return matching(PORT_RANGE_PATTERN, rule).check(
    z.refine(
      (text) => {
        const { low, high } = parsePortRange(text);
        return low >= 1 && low <= high && high <= 65_535;
      },
      { error: rule },
    ),
  );
}

export function parsePortRange(text: string): { low: number; high: number } {
  const [low = Number.NaN, high = Number.NaN] = text.split("-").map(Number);
  return { low, high };
}

export function parseMemory(text: string): number {
  return Number.parseInt(text, 10) * (text.endsWith("GB") ? 1_000_000_000 : 1_000_000);
}

export function wholeSeconds(): z.ZodMiniString {
  return duration().check(
    z.refine((text) => (parseDuration(text) ?? 0) % 1000 === 0, { error: "must be whole seconds: 5s" }),
  );
}

export function requestPath(): z.ZodMiniString {
  return matching(PATH_PATTERN, "must begin with one / and hold neither spaces nor # nor \\");
}

/** RFC 9110 section 5.1: a token. What clients write themselves is told apart where a load is looked at as a whole. */
export function headerName(): z.ZodMiniString {
  return matching(/^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,200}$/, "must be the name of a header field: letters, digits and -");
}

/** A line end would be the end of the field, and what follows it another one. null: it is taken away. */
export function headerValue() {
  const rule = "must be one line of printable ASCII, without spaces at its ends";
  const text = z
    .string({ error: rule })
    .check(
      z.regex(/^(?:[!-~](?:[\t -~]*[!-~])?)?$/, { error: rule }),
      z.maxLength(8000, { error: "must be at most 8,000 characters" }),
    );
  return z.union([text, z.number(), z.boolean(), z.null()], { error: rule });
}

export function filePath(): z.ZodMiniString {
  const rule = "must be the path of a file";
  return matching(/\S/, rule).check(z.refine((text) => !text.includes("\0"), { error: rule }));
}

/** `404`, or all of a class, `4xx`. */
export function status() {
  const rule = "must be a status from 100 to 599, or a class of them: 404, 4xx";
  return z.union([z.int().check(z.gte(100), z.lte(599)), matching(/^[1-5](?:\d\d|xx)$/, rule)], { error: rule });
}

export function commandLine(): z.ZodMiniString {
  const rule = "must be a command line, as a text (in quotes, if it is a number, true or false)";
  return matching(/\S/, rule).check(z.refine((text) => !text.includes("\0"), { error: rule }));
}

export function folder(): z.ZodMiniString {
  const rule = "must be the path of a folder";
  return matching(/\S/, rule).check(z.refine((text) => !text.includes("\0"), { error: rule }));
}

export function environmentName(): z.ZodMiniString {
  return matching(/^[A-Za-z_][A-Za-z0-9_]*$/, "must be the name of an environment variable");
}

export function environmentValue() {
  const rule = "must be a text, a number, true or false";
  const text = z.string({ error: rule }).check(z.refine((value) => !value.includes("\0"), { error: rule }));
  return z.union([text, z.number(), z.boolean()], { error: rule });
}

export function httpUrl(): z.ZodMiniString {
  return matching(/^https?:\/\//, "must be a URL that begins with http:// or https://");
}

export function regularExpression(): z.ZodMiniString {
  const rule = "must be a regular expression that JavaScript understands";
  return matching(/./, rule).check(z.refine(isRegExp, { error: rule }));
}

export function programName(): z.ZodMiniString {
  return matching(/^[A-Za-z0-9._+-]+$/, "must be the name of a program");
}

export function accountName(): z.ZodMiniString {
  return matching(/^[a-z_][a-z0-9_.-]*$/i, "must be the name of an account");
}

/** `tcp_tw_reuse`, `client.tcp_tw_reuse`, `load.connections`. */
export function matrixKey(): z.ZodMiniString {
  return matching(
    /^(?:(?:[A-Za-z][\w-]*\.)?(?:(?:tcp|ip)_\w+|somaxconn)|(?:lab|server|load|sample|phases)\..+)$/,
    "must be a sysctl's name such as tcp_tw_reuse, or a field such as load.connection",
  );
}

/** As it is written in braces, and stands in `on` and `to`; some of those names mean something else there. */
export function hostName(): z.ZodMiniString {
  const rule =
    "must begin with a small letter, hold small letters, digits and - only, and not be host, port, certificate, key or silence";
  return matching(/^(?!(?:host|port|certificate|key|silence)$)[a-z][a-z0-9-]{0,30}$/, rule);
}

export function variantName(): z.ZodMiniString {
  return matching(VARIANT_NAME_PATTERN, "must begin with a letter, and hold letters, digits, - and _ only");
}

/** Zero needs no unit. */
export function wholeSecondsOrZero() {
  return z.union([z.literal(0), z.literal("0s"), wholeSeconds()], { error: "must be whole seconds: 0 or 5s" });
}

export function sysctlKey(): z.ZodMiniString {
  return matching(SYSCTL_KEY_PATTERN, "must be a sysctl's name that begins with net., such as net.ipv4.tcp_tw_reuse");
}

export function sysctlValue() {
  return z.union([z.int(), oneLine()], { error: "must be a whole number or one line of text" });
}

/** Names and values of sysctls. Whether the kernel has them is found out by the lab, not here. */
export function sysctls() {
  return z.record(sysctlKey(), sysctlValue());
}

function isRegExp(text: string): boolean {
  try {
    return new RegExp(text) instanceof RegExp;
  } catch {
    return false;
  }
}
