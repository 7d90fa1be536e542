import { jsonIn, numberAt, toUs } from "./figures.js";
import { firstOf, onlyOneRate, rateOf } from "./plan.js";
import { jsonWithin, urlsOf } from "./shell.js";
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
      unevenBatches(plan),
    ),
  can: ["think", "batch", "headers", "method", "body", "bodyFile", "paths", "verify"],
  commandLine: (plan) => `printf '%s\\n' '${k6Script(plan).join(" ")}' |${environment(plan)} k6 run --quiet -`,
  read,
};

/** It takes HTTP/2 wherever a server with TLS offers it. */
function environment({ tls }: ToolPlan): string {
  if (tls === undefined) return "";
  return ` GODEBUG=http2client=0${tls === "verify" ? " SSL_CERT_FILE='{ca}'" : ""}`;
}

/** The lines of one script, with the summary as JSON on stdout. They hold no single quote, for the shell. */
export function k6Script(plan: ToolPlan): string[] {
  const { connections, connection, timeoutMs, pauses, request } = plan;
  const sent = request?.body ?? null;
  const file = sent !== null && "file" in sent ? sent.file : null;
  const body = file === null ? jsonWithin(sent !== null && "text" in sent ? sent.text : null) : "file";
  const batch = pauses?.batch ?? null;
  const options = {
    scenarios: { load: executorOf(plan, batch) },
    noConnectionReuse: connection === "close",
    ...(plan.tls === "insecure" ? { insecureSkipTLSVerify: true } : {}),
    summaryTrendStats: ["med", "p(99)", "count"],
    ...(batch === null ? {} : { batch: connections, batchPerHost: connections }),
  };
  const urls = urlsOf(plan);
  // Each is the next one's by the number of its iteration; those of a batch by their number in it.
  const url = (nth: string): string => (urls.length === 1 ? `"${urls[0]}"` : `urls[(${nth}) % ${urls.length}]`);
  const method = request?.method ?? "GET";
  const params = `{ timeout: ${timeoutMs}, redirects: 0, headers: ${jsonWithin(request?.headers ?? {})} }`;
  const requests =
    batch === null
      ? `http.request("${method}", ${url("exec.scenario.iterationInTest")}, ${body}, ${params});`
      : `http.batch(Array.from({ length: ${batch} }, (_, nth) => ["${method}", ${url("nth")}, ${body}, ${params}]));`;
  return [
    'import http from "k6/http";',
    ...(urls.length === 1
      ? []
      : ['import exec from "k6/execution";', `const urls = [${urls.map((one) => `"${one}"`).join(", ")}];`]),
    ...(pauses === undefined ? [] : ['import { sleep } from "k6";']),
    ...(file === null ? [] : [`const file = open(${jsonWithin(file)}, "b");`]),
    `export const options = ${JSON.stringify(options)};`,
    `export default function () { ${requests}${pauses === undefined ? "" : ` sleep(${secondsOf(pauses)});`} }`,
    "export function handleSummary(data) { return { stdout: JSON.stringify(data) }; }",
  ];
}

/** Who makes how many iterations, and when. A batch is one iteration of one user, on as many connections as there are. */
function executorOf(plan: ToolPlan, batch: number | null): object {
  const { connections, requests, durationMs, timeoutMs } = plan;
  const rate = rateOf(plan);
  const length = `${durationMs}ms`;
  if (rate !== null)
    return {
      executor: "constant-arrival-rate",
      rate: Math.round(rate),
      duration: length,
      preAllocatedVUs: connections,
    };
  const vus = batch === null ? connections : 1;
  return requests === null
    ? { executor: "constant-vus", vus, duration: length, gracefulStop: `${timeoutMs}ms` }
    : { executor: "shared-iterations", vus, iterations: requests / (batch ?? 1), maxDuration: length };
}

function unevenBatches({ requests, pauses }: ToolPlan): string | null {
  const batch = pauses?.batch ?? null;
  return requests === null || batch === null || requests % batch === 0
    ? null
    : "makes whole batches: the number of requests must be a multiple of `batch`";
}

function secondsOf({ thinkMs: { from, to } }: NonNullable<ToolPlan["pauses"]>): string {
  return from === to ? String(from / 1000) : `${from / 1000} + Math.random() * ${(to - from) / 1000}`;
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
