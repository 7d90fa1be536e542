import { numberIn, toUs } from "./figures.js";
import { firstOf, noPartOfASecond, noRate, wholeSeconds } from "./plan.js";
import { bodyOption, headerOptions, methodOption, quoted } from "./shell.js";
import type { ProgramOutput, Said, Tool, ToolPlan } from "./types.js";

/**
 * More than ab can make: `-t` alone ends after 50,000 requests (ab(1)), and `-n` has to follow it. ab keeps 32 bytes for each
 * from the beginning, so that it cannot be without end.
 */
const MOST_PER_SEC = 100_000;

/** https://httpd.apache.org/docs/2.4/programs/ab.html */
export const ab: Tool = {
  install: "apt-get install apache2-utils",
  versionArgs: ["-V"],
  versionIn: (output) => /^This is ApacheBench, Version (\d[\w.]*)/mu.exec(output)?.[1] ?? null,
  cannot: (plan) => firstOf(noRate(plan), noPartOfASecond(plan), otherBody(plan)),
  can: ["headers", "method", "bodyFile"],
  commandLine(plan) {
    const { connections, connection, requests, timeoutMs } = plan;
    const keep = connection === "keep-alive" ? " -k" : "";
    return `ab -q -l -r -c ${connections} -s ${Math.ceil(timeoutMs / 1000)} -t ${wholeSeconds(plan)} -n ${Math.max(connections, requests ?? MOST_PER_SEC * wholeSeconds(plan))}${keep}${requestOptions(plan)} '{url}'`;
  },
  read,
};

/** It sends files with POST and PUT, and then calls them text/plain unless it is told. */
function otherBody({ request }: ToolPlan): string | null {
  if (request === undefined || request.body === null || ["POST", "PUT"].includes(request.method)) return null;
  return "sends a body with POST and PUT alone";
}

function requestOptions(plan: ToolPlan): string {
  const { request } = plan;
  if (request === undefined) return "";
  const type = Object.keys(request.headers).find((name) => name.toLowerCase() === "content-type");
  if (request.body === null) return headerOptions(plan) + methodOption(plan, "-m");
  const { [type ?? ""]: value = "application/octet-stream", ...headers } = request.headers;
  const body = bodyOption(plan, "-p", request.method === "POST" ? "-p" : "-u");
  return `${headerOptions({ ...plan, request: { ...request, headers } })} -T ${quoted(value)}${body}`;
}

function read({ stdout }: ProgramOutput): Said | null {
  const requests = numberIn(stdout, /^Complete requests:\s+(\d+)/mu);
  const broken = numberIn(stdout, /^Failed requests:\s+(\d+)/mu);
  if (requests === null || broken === null) return null;
  const failed = broken + (numberIn(stdout, /^Non-2xx responses:\s+(\d+)/mu) ?? 0);
  const percentile = (p: string): number | null =>
    toUs(numberIn(stdout, new RegExp(`^\\s*${p}%\\s+(\\d+)`, "mu")), 1_000);
  return {
    requests,
    succeeded: Math.max(0, requests - failed),
    failed,
    perSec: numberIn(stdout, /^Requests per second:\s+([\d.]+)/mu),
    latencyUs: { p50: percentile("50"), p99: percentile("99") },
    seconds: numberIn(stdout, /^Time taken for tests:\s+([\d.]+) seconds/mu),
  };
}
