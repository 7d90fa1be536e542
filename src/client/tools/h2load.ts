import { numberIn, spanUs } from "./figures.js";
import { firstOf, noPartOfASecond, onlyOneRate, rateOf, wholeSeconds } from "./plan.js";
import { bodyOption, headerOptions, urlsOf } from "./shell.js";
import type { ProgramOutput, Said, Tool, ToolPlan } from "./types.js";

/** https://nghttp2.org/documentation/h2load.1.html */
export const h2load: Tool = {
  install: "apt-get install nghttp2-client",
  versionArgs: ["--version"],
  versionIn: (output) => /^h2load nghttp2\/(\d[\w.]*)/mu.exec(output)?.[1] ?? null,
  cannot: (plan) =>
    firstOf(onlyOneRate(plan), plan.requests === null ? noPartOfASecond(plan) : null, unevenRate(plan), onlyPost(plan)),
  can: ["headers", "method", "bodyFile", "paths"],
  commandLine(plan) {
    const { connections, connection, requests, timeoutMs } = plan;
    const rate = rateOf(plan);
    const close = connection === "close" ? " -H 'Connection: close'" : "";
    const length = requests === null ? `-D ${wholeSeconds(plan)}` : `-n ${requests}`;
    const perClient = rate === null ? "" : ` --rps ${rate / connections}`;
    return `h2load --h1 -t 1 -c ${connections} ${length} -N ${Math.ceil(timeoutMs / 1000)}${perClient}${close}${headerOptions(plan)}${bodyOption(plan, "-d", "-d")} ${urlsOf(
      plan,
    )
      .map((url) => `'${url}'`)
      .join(" ")}`;
  },
  read,
};

/** With a file it makes POST requests, else GET. */
function onlyPost({ request }: ToolPlan): string | null {
  const method = request?.method ?? "GET";
  if (request !== undefined && request.body !== null) return method === "POST" ? null : "sends a file with POST alone";
  return method === "GET" ? null : "makes GET requests, and POST with a file (load.bodyFile)";
}

/** --rps is of each client. */
function unevenRate(plan: ToolPlan): string | null {
  const rate = rateOf(plan);
  return rate === null || rate >= plan.connections
    ? null
    : "cannot send less than one request a second on each connection";
}

function read({ stdout }: ProgramOutput): Said | null {
  const line =
    /^requests: \d+ total, (\d+) started, (\d+) done, (\d+) succeeded, (\d+) failed, \d+ errored, \d+ timeout/mu.exec(
      stdout,
    );
  const finished = /^finished in ([\d.]+(?:us|ms|s|m|h)), ([\d.]+) req\/s/mu.exec(stdout);
  if (line === null || finished === null) return null;
  const [, , done, succeeded, failed] = line.map(Number);
  const seconds = spanUs(finished[1]);
  return {
    requests: done!,
    succeeded: succeeded!,
    failed: failed!,
    perSec: numberIn(finished[0], /, ([\d.]+) req/u),
    // It tells the mean and the extremes alone.
    latencyUs: null,
    seconds: seconds === null ? null : seconds / 1_000_000,
  };
}
