import { jsonIn, numberAt, toUs } from "./figures.js";
import { firstOf, onlyOneRate, rateOf } from "./plan.js";
import type { ProgramOutput, Said, Tool, ToolPlan } from "./types.js";

/** https://grafana.com/docs/k6/latest/using-k6/k6-options/reference/ */
export const k6: Tool = {
  install: "go install go.k6.io/k6@latest",
  versionArgs: ["version"],
  versionIn: (output) => /^k6(?:\S*) v?(\d[\w.]*)/mu.exec(output)?.[1] ?? null,
  cannot: (plan) =>
    firstOf(
      onlyOneRate(plan),
      plan.pace !== null && plan.requests !== null ? "cannot keep a rate and end after a number of requests" : null,
    ),
  commandLine: (plan) => `echo '${script(plan)}' | k6 run --quiet -`,
  read,
};

/** One script, with the summary as JSON on stdout. It holds no single quote, for the shell. */
function script(plan: ToolPlan): string {
  const { connections, connection, requests, durationMs, timeoutMs } = plan;
  const rate = rateOf(plan);
  const length = `${durationMs}ms`;
  const executor =
    rate !== null
      ? { executor: "constant-arrival-rate", rate: Math.round(rate), duration: length, preAllocatedVUs: connections }
      : requests === null
        ? { executor: "constant-vus", vus: connections, duration: length, gracefulStop: `${timeoutMs}ms` }
        : { executor: "shared-iterations", vus: connections, iterations: requests, maxDuration: length };
  const options = {
    scenarios: { load: executor },
    noConnectionReuse: connection === "close",
    summaryTrendStats: ["med", "p(99)", "count"],
  };
  return [
    'import http from "k6/http";',
    `export const options = ${JSON.stringify(options)};`,
    `export default function () { http.get("{url}", { timeout: ${timeoutMs}, redirects: 0 }); }`,
    "export function handleSummary(data) { return { stdout: JSON.stringify(data) }; }",
  ].join(" ");
}

function read({ stdout }: ProgramOutput): Said | null {
  const report = jsonIn(stdout);
  const of = (metric: string, value: string): number | null => numberAt(report, "metrics", metric, "values", value);
  const requests = of("http_reqs", "count");
  if (requests === null) return null;
  // Of a rate, `passes` are the requests that failed.
  const failed = of("http_req_failed", "passes");
  const ms = numberAt(report, "state", "testRunDurationMs");
  return {
    requests,
    succeeded: failed === null ? null : requests - failed,
    failed,
    perSec: of("http_reqs", "rate"),
    latencyUs: { p50: toUs(of("http_req_duration", "med"), 1_000), p99: toUs(of("http_req_duration", "p(99)"), 1_000) },
    seconds: ms === null ? null : ms / 1_000,
  };
}
