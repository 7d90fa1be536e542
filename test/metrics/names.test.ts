import { expect, test } from "vitest";
import type { Metrics } from "../../src/result/types.js";
import { isNumericMetric, METRIC_NAMES } from "../../src/metrics/names.js";

const latency = { min: 1, mean: 1, p50: 1, p90: 1, p99: 1, p999: 1, max: 1 };
const timeWait = { created: 1, peak: 1, end: 1 };
const cpu = { userMs: 1, systemMs: 1 };

/** Every field of the contract, so that the compiler notices when it grows. */
const metrics: Required<Metrics> = {
  requests: { sent: 1, succeeded: 1, failed: 1, perSec: 1 },
  latencyUs: latency,
  uncorrectedLatencyUs: latency,
  pace: { wantedPerSec: 1, sentPerSec: 1, unsent: 1 },
  connectUs: latency,
  firstByteUs: latency,
  connections: { opened: 1, perSec: 1, requestsPer: 1 },
  timeWait: { client: timeWait, server: timeWait },
  closedFirst: { client: 1, server: 0, reset: 0 },
  errors: {},
  cpu: { client: cpu, server: cpu },
};

function numbersIn(value: unknown, path: string): string[] {
  if (typeof value === "number") return [path];
  return Object.entries(value as object).flatMap(([name, child]) => numbersIn(child, path ? `${path}.${name}` : name));
}

test("an expectation can name each number of a result, and no other", () => {
  expect(METRIC_NAMES.toSorted()).toEqual(numbersIn(metrics, "").toSorted());
});

test("errors go by any name", () => {
  expect(isNumericMetric("errors.EADDRNOTAVAIL")).toBe(true);
  expect(isNumericMetric("errors.http-500")).toBe(true);
  expect(isNumericMetric("errors")).toBe(false);
  expect(isNumericMetric("errors.")).toBe(false);
  expect(isNumericMetric("errors.__proto__")).toBe(false);
});
