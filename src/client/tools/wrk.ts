import { numberIn, spanUs } from "./figures.js";
import { firstOf, needsRate, noPartOfASecond, noRate, noRequests, onlyOneRate, rateOf, wholeSeconds } from "./plan.js";
import { headerOptions } from "./shell.js";
import type { ProgramOutput, Said, Tool, ToolPlan } from "./types.js";

/** https://github.com/wg/wrk, src/wrk.c */
export const wrk: Tool = {
  install: "apt-get install wrk",
  versionArgs: ["-v"],
  versionIn: (output) => /^wrk (?:debian\/)?(\d[\w.]*)/mu.exec(output)?.[1] ?? null,
  cannot: (plan) => firstOf(noRate(plan), noRequests(plan), noPartOfASecond(plan)),
  can: ["headers"],
  commandLine: (plan) => `wrk ${options(plan)} '{url}'`,
  read,
};

/** https://github.com/giltene/wrk2: it is called wrk2 here, and calls itself wrk. */
export const wrk2: Tool = {
  install: "build https://github.com/giltene/wrk2, and put it on PATH as wrk2",
  versionArgs: ["-v"],
  versionIn: (output) => /^wrk2? (\d[\w.]*)/mu.exec(output)?.[1] ?? null,
  cannot: (plan) => firstOf(needsRate(plan), onlyOneRate(plan), noRequests(plan), noPartOfASecond(plan)),
  can: ["headers"],
  commandLine: (plan) => `wrk2 ${options(plan)} -R ${Math.round(rateOf(plan) ?? 0)} '{url}'`,
  read,
};

function options(plan: ToolPlan): string {
  const { connections, connection, timeoutMs } = plan;
  const close = connection === "close" ? " -H 'Connection: close'" : "";
  return `-t 1 -c ${connections} -d ${wholeSeconds(plan)}s --timeout ${Math.ceil(timeoutMs / 1000)}s --latency${close}${headerOptions(plan)}`;
}

function read({ stdout }: ProgramOutput): Said | null {
  const requests = numberIn(stdout, /^\s*(\d+) requests in /mu);
  const perSec = numberIn(stdout, /^Requests\/sec:\s+([\d.]+)/mu);
  if (requests === null || perSec === null) return null;
  const badStatus = numberIn(stdout, /^\s*Non-2xx or 3xx responses: (\d+)/mu) ?? 0;
  const sockets = /^\s*Socket errors: connect (\d+), read (\d+), write (\d+), timeout (\d+)/mu.exec(stdout);
  const broken = (sockets ?? []).slice(1).reduce((sum, n) => sum + Number(n), 0);
  const percentile = (p: string): number | null =>
    spanUs(new RegExp(`^\\s*${p}(?:\\.000)?%\\s+(\\S+)$`, "mu").exec(stdout)?.[1]);
  const seconds = spanUs(/ requests in ([\d.]+(?:us|ms|s|m|h)),/u.exec(stdout)?.[1]);
  return {
    // `complete` counts whole responses, whatever their status.
    requests,
    succeeded: requests - badStatus,
    failed: badStatus + broken,
    perSec,
    latencyUs: { p50: percentile("50"), p99: percentile("99") },
    seconds: seconds === null ? null : seconds / 1_000_000,
  };
}
