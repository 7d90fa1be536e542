import type { Claim } from "./types.js";

/** What each tool prints at its end, as the claim that it makes. A figure that is not there is null, never zero. */

const NOTHING: Claim = { requests: null, failed: null, seconds: null };

/** `75420 requests in 3.00s, 11.01MB read`, and a line of socket errors where there were any. */
export function parseWrk(output: string): Claim {
  const summary = /^\s*(\d+) requests in ([\d.]+)(us|ms|s|m|h),/mu.exec(output);
  if (summary === null) return NOTHING;
  const errors = /Socket errors: connect (\d+), read (\d+), write (\d+), timeout (\d+)/u.exec(output);
  return {
    requests: Number(summary[1]),
    failed: errors === null ? 0 : sum(errors.slice(1)),
    seconds: Number(summary[2]) * SECONDS_OF[summary[3]!]!,
  };
}

const SECONDS_OF: Record<string, number> = { us: 1e-6, ms: 1e-3, s: 1, m: 60, h: 3600 };

export function parseAb(output: string): Claim {
  return {
    requests: figure(output, /^Complete requests:\s+(\d+)/mu),
    failed: figure(output, /^Failed requests:\s+(\d+)/mu),
    seconds: figure(output, /^Time taken for tests:\s+([\d.]+) seconds/mu),
  };
}

/** `requests: 64 total, 64 started, 64 done, 64 succeeded, 0 failed, 0 errored, 0 timeout` */
export function parseH2load(output: string): Claim {
  const line = /^requests: .* (\d+) succeeded, (\d+) failed, (\d+) errored, (\d+) timeout/mu.exec(output);
  const finished = /^finished in ([\d.]+)(us|ms|s|m|h),/mu.exec(output);
  return {
    requests: line === null ? null : Number(line[1]),
    // "failed" holds the other two (nghttp2, src/h2load.cc).
    failed: line === null ? null : Number(line[2]),
    seconds: finished === null ? null : Number(finished[1]) * SECONDS_OF[finished[2]!]!,
  };
}

/** The object that `--json-output` prints, among other lines. */
export function parseSiege(output: string): Claim {
  return {
    requests: figure(output, /"transactions":\s*(\d+)/u),
    failed: figure(output, /"failed_transactions":\s*(\d+)/u),
    seconds: figure(output, /"elapsed_time":\s*([\d.]+)/u),
  };
}

/** `[200]	1234 responses` a status, and `[12]	Get "http://…": …` an error. */
export function parseHey(output: string): Claim {
  const seconds = figure(output, /^\s*Total:\s+([\d.]+) secs/mu);
  if (seconds === null) return NOTHING;
  const [answers = "", errors = ""] = output.split(/^Error distribution:/mu);
  const counts = (text: string, pattern: RegExp): number => sum([...text.matchAll(pattern)].map(([, count]) => count));
  return {
    requests: counts(answers, /^\s*\[\d{3}\]\s+(\d+) responses/gmu),
    failed: counts(errors, /^\s*\[(\d+)\]/gmu),
    seconds,
  };
}

export function parseOha(output: string): Claim {
  const report = jsonIn(output);
  const answers = fieldsOf(report["statusCodeDistribution"]);
  if (answers === null) return NOTHING;
  return {
    requests: sum(Object.values(answers)),
    failed: sum(Object.values(fieldsOf(report["errorDistribution"]) ?? {})),
    seconds: numberOrNull(fieldsOf(report["summary"])?.["total"]),
  };
}

/** Of `vegeta report -type=json`; durations are in nanoseconds, and status 0 stands for no answer. */
export function parseVegeta(output: string): Claim {
  const report = jsonIn(output);
  const requests = numberOrNull(report["requests"]);
  if (requests === null) return NOTHING;
  const failed = numberOrNull(fieldsOf(report["status_codes"])?.["0"]) ?? 0;
  const attack = numberOrNull(report["duration"]);
  const lastAnswer = numberOrNull(report["wait"]) ?? 0;
  return { requests: requests - failed, failed, seconds: attack === null ? null : (attack + lastAnswer) / 1e9 };
}

/** The line that our own script for k6 prints (see peers.ts). */
export function parseK6(output: string): Claim {
  const { requests, failed, seconds } = jsonIn(output);
  return { requests: numberOrNull(requests), failed: numberOrNull(failed), seconds: numberOrNull(seconds) };
}

function figure(text: string, pattern: RegExp): number | null {
  const found = pattern.exec(text)?.[1];
  return found === undefined ? null : Number(found);
}

function sum(figures: readonly unknown[]): number {
  return figures.reduce((total: number, one) => total + Number(one), 0);
}

function numberOrNull(value: unknown): number | null {
  return typeof value === "number" ? value : null;
}

function fieldsOf(value: unknown): Record<string, unknown> | null {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : null;
}

/** The fields of the one object that stands in the text, from its first brace to its last; none where it is damaged. */
function jsonIn(text: string): Record<string, unknown> {
  try {
    return fieldsOf(JSON.parse(text.slice(text.indexOf("{"), text.lastIndexOf("}") + 1))) ?? {};
  } catch {
    return {};
  }
}
