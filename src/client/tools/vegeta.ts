import { countsAt, jsonIn, numberAt, toUs, total } from "./figures.js";
import { firstOf, noRequests, onlyOneRate, rateOf } from "./plan.js";
import type { ProgramOutput, Said, Tool } from "./types.js";

/** https://github.com/tsenart/vegeta */
export const vegeta: Tool = {
  install: "go install github.com/tsenart/vegeta/v12@latest",
  versionArgs: ["-version"],
  versionIn: (output) => /^Version: *v?(\S*)/mu.exec(output)?.[1] || (/^Version:/mu.test(output) ? "12" : null),
  cannot: (plan) => firstOf(onlyOneRate(plan), noRequests(plan)),
  commandLine({ connections, connection, durationMs, timeoutMs, ...plan }) {
    const rate = rateOf({ connections, connection, durationMs, timeoutMs, ...plan });
    const keep = connection === "close" ? " -keepalive=false" : "";
    const pace = rate === null ? "-rate 0" : `-rate ${Math.round(rate * 60)}/1m`;
    return `echo 'GET {url}' | vegeta attack ${pace} -duration ${durationMs}ms -workers ${connections} -max-workers ${connections} -max-connections ${connections} -connections ${connections} -redirects=-1 -timeout ${timeoutMs}ms${keep} | vegeta report -type=json`;
  },
  read,
};

function read({ stdout }: ProgramOutput): Said | null {
  const report = jsonIn(stdout);
  const requests = numberAt(report, "requests");
  if (requests === null) return null;
  // Status 0: no response.
  const statuses = countsAt(report, "status_codes");
  const succeeded = total(statuses.filter(([status]) => Number(status) > 0 && Number(status) < 400));
  const us = (p: string): number | null => toUs(numberAt(report, "latencies", p), 1 / 1_000);
  const ns = numberAt(report, "duration");
  return {
    requests,
    succeeded,
    failed: requests - succeeded,
    perSec: numberAt(report, "throughput"),
    latencyUs: { p50: us("50th"), p99: us("99th") },
    seconds: ns === null ? null : ns / 1e9,
  };
}
