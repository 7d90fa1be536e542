import { at, countsAt, jsonIn, numberAt, toUs, total } from "./figures.js";
import { firstOf, noRequests, onlyOneRate, rateOf } from "./plan.js";
import { bodyOption, headerOptions, methodOption, tlsOptions } from "./shell.js";
import type { ProgramOutput, Said, Tool } from "./types.js";

/** https://github.com/fortio/fortio */
export const fortio: Tool = {
  install: "go install fortio.org/fortio@latest",
  versionArgs: ["version"],
  versionIn: (output) => /^v?(\d+\.\d[\w.+-]*|dev)/mu.exec(output)?.[1] ?? null,
  cannot: (plan) => firstOf(onlyOneRate(plan), noRequests(plan)),
  can: ["headers", "method", "body", "bodyFile", "verify"],
  commandLine(plan) {
    const { connections, connection, durationMs, timeoutMs } = plan;
    const keep = connection === "close" ? " -keepalive=false" : "";
    return `fortio load -json - -quiet -c ${connections} -qps ${rateOf(plan) ?? 0} -t ${durationMs}ms -timeout ${timeoutMs}ms -p 50,99 -allow-initial-errors${keep}${methodOption(plan, "-X", "")}${headerOptions(plan)}${bodyOption(plan, "-payload", "-payload-file")}${tlsOptions(plan, { verify: "-cacert '{ca}'", insecure: "-k" })} '{url}'`;
  },
  read,
};

function read({ stdout }: ProgramOutput): Said | null {
  const report = jsonIn(stdout);
  const statuses = countsAt(report, "RetCodes");
  const requests = numberAt(report, "DurationHistogram", "Count");
  if (requests === null) return null;
  // Status -1: no response.
  const succeeded = total(statuses.filter(([status]) => Number(status) > 0 && Number(status) < 400));
  const percentiles: unknown = at(report, "DurationHistogram", "Percentiles");
  const us = (p: number): number | null => {
    const found: unknown = Array.isArray(percentiles)
      ? percentiles.find((one) => numberAt(one, "Percentile") === p)
      : null;
    return toUs(numberAt(found, "Value"), 1_000_000);
  };
  const ns = numberAt(report, "ActualDuration");
  return {
    requests,
    succeeded,
    failed: requests - succeeded,
    perSec: numberAt(report, "ActualQPS"),
    latencyUs: { p50: us(50), p99: us(99) },
    seconds: ns === null ? null : ns / 1e9,
  };
}
