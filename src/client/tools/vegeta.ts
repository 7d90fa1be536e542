import { countsAt, jsonIn, numberAt, toUs, total } from "./figures.js";
import { firstOf, noRequests, onlyOneRate, rateOf } from "./plan.js";
import { jsonWithin, quoted, tlsOptions, urlsOf } from "./shell.js";
import type { ProgramOutput, Said, Tool, ToolPlan } from "./types.js";

/** https://github.com/tsenart/vegeta */
export const vegeta: Tool = {
  install: "go install github.com/tsenart/vegeta/v12@latest",
  versionArgs: ["-version"],
  versionIn: (output) => /^Version: *v?(\S*)/mu.exec(output)?.[1] || (/^Version:/mu.test(output) ? "12" : null),
  cannot: (plan) => firstOf(onlyOneRate(plan), noRequests(plan)),
  can: ["headers", "method", "body", "bodyFile", "paths", "verify"],
  commandLine(plan) {
    const { connections, connection, durationMs, timeoutMs, request } = plan;
    const rate = rateOf(plan);
    const keep = connection === "close" ? " -keepalive=false" : "";
    const pace = rate === null ? "-rate 0" : `-rate ${Math.round(rate * 60)}/1m`;
    const json = request === undefined ? "" : " -format=json";
    return `${targets(plan)} | vegeta attack${json} ${pace} -duration ${durationMs}ms -workers ${connections} -max-workers ${connections} -max-connections ${connections} -connections ${connections} -redirects=-1 -timeout ${timeoutMs}ms${keep}${bodyFile(plan)}${tlsOptions(plan, { verify: "-http2=false -root-certs '{ca}'", insecure: "-http2=false -insecure" })} | vegeta report -type=json`;
  },
  read,
};

/** Its own format says a method and a URL; as JSON, a line for each target, whatever more there is to say. */
function targets(plan: ToolPlan): string {
  const { request } = plan;
  if (request === undefined) return "echo 'GET {url}'";
  const { method, headers, body } = request;
  const header = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value]]));
  const text = body !== null && "text" in body ? { body: Buffer.from(body.text).toString("base64") } : {};
  const lines = urlsOf(plan).map((url) => `'{"url":"${url}",${jsonWithin({ method, header, ...text }).slice(1)}'`);
  return `printf '%s\\n' ${lines.join(" ")}`;
}

function bodyFile({ request }: ToolPlan): string {
  const body = request?.body ?? null;
  return body !== null && "file" in body ? ` -body ${quoted(body.file)}` : "";
}

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
