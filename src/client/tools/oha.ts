import { countsAt, jsonIn, numberAt, toUs, total } from "./figures.js";
import { firstOf, onlyOneRate, rateOf } from "./plan.js";
import { bodyOption, headerOptions, methodOption, tlsOptions } from "./shell.js";
import type { ProgramOutput, Said, Tool } from "./types.js";

/** https://github.com/hatoo/oha */
export const oha: Tool = {
  install: "cargo install oha",
  versionArgs: ["--version"],
  versionIn: (output) => /^oha (\d[\w.]*)/mu.exec(output)?.[1] ?? null,
  cannot: onlyRate,
  can: ["headers", "method", "body", "bodyFile", "verify"],
  commandLine(plan) {
    const { connections, connection, requests, durationMs, timeoutMs } = plan;
    const rate = rateOf(plan);
    const length = requests === null ? `-z ${durationMs}ms -w` : `-n ${requests}`;
    const pace = rate === null ? "" : ` -q ${Math.round(rate)} --latency-correction`;
    const close = connection === "close" ? " --disable-keepalive" : "";
    return `oha -c ${connections} ${length} -t ${timeoutMs}ms${pace}${close}${methodOption(plan, "-m")}${headerOptions(plan)}${bodyOption(plan, "-d", "-D")} ${tlsOptions(plan, { verify: "--cacert '{ca}'", insecure: "--insecure" })} --no-tui --redirect 0 --output-format json '{url}'`;
  },
  read,
};

function onlyRate(plan: Parameters<Tool["cannot"]>[0]): string | null {
  const byClock = (plan.pauses?.batch ?? null) !== null ? "begins its bursts by the clock, answered or not" : null;
  return firstOf(onlyOneRate(plan), byClock);
}

function read({ stdout }: ProgramOutput): Said | null {
  const report = jsonIn(stdout);
  const perSec = numberAt(report, "summary", "requestsPerSec");
  if (perSec === null) return null;
  const statuses = countsAt(report, "statusCodeDistribution");
  const succeeded = total(statuses.filter(([status]) => Number(status) < 400));
  const requests = total(statuses) + total(countsAt(report, "errorDistribution"));
  const us = (p: string): number | null => toUs(numberAt(report, "latencyPercentiles", p), 1_000_000);
  return {
    requests,
    succeeded,
    failed: requests - succeeded,
    perSec,
    latencyUs: { p50: us("p50"), p99: us("p99") },
    seconds: numberAt(report, "summary", "total"),
  };
}
