import { expect, test } from "vitest";
import type { LoadReport } from "../../src/client/types.js";
import { isNumericMetric, METRIC_NAMES, metricAt } from "../../src/metrics/names.js";
import { METRICS } from "../../src/metrics/table.js";
import { trialOf } from "../../src/result/trial.js";
import { measurementOf, paceOf, reportOf, variantOf } from "../result/fixture.js";

/** One in which all is measured. */
function wholeTrial(): ReturnType<typeof trialOf> {
  const { latencyHistogram } = reportOf();
  const pace = { unsent: 1, uncorrectedHistogram: latencyHistogram };
  const [connectHistogram, handshakeHistogram, firstByteHistogram] = [
    latencyHistogram,
    latencyHistogram,
    latencyHistogram,
  ];
  const histograms = { connectHistogram, handshakeHistogram, firstByteHistogram };
  const report = reportOf({ pace, waitMs: 1, closings: everyClosing(), ...histograms });
  return trialOf(measurementOf({ variant: variantOf({ pace: paceOf(100) }), report }));
}

/** Causes have free names. */
function everyClosing(): NonNullable<LoadReport["closings"]> {
  const all = { min: 1, median: 2, max: 3 };
  const told = { requests: all, idleMs: all };
  return { causes: {}, after: { answer: told, idle: told, "client-idle": told, stale: told }, stale: 1, repeated: 1 };
}

function numbersIn(value: unknown, path: string): string[] {
  if (typeof value === "number") return [path];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([name, child]) => numbersIn(child, path ? `${path}.${name}` : name));
}

test("the table names each number that a trial measures, and no other", () => {
  const trial = wholeTrial();
  // Names of links and hosts are free.
  const named = Object.keys(METRICS).filter((part) => part !== "links" && part !== "hosts");
  const parts = named.map((part) => [part, trial[part as keyof typeof METRICS]] as const);
  expect(METRIC_NAMES.toSorted()).toEqual(numbersIn(Object.fromEntries(parts), "").toSorted());
  for (const name of METRIC_NAMES) expect(metricAt(trial, name)).toEqual(expect.any(Number));
});

test("errors and causes go by any name", () => {
  expect(isNumericMetric("errors.EADDRNOTAVAIL")).toBe(true);
  expect(isNumericMetric("errors.http-500")).toBe(true);
  expect(isNumericMetric("closeCauses.mid-request")).toBe(true);
  expect(isNumericMetric("errors")).toBe(false);
  expect(isNumericMetric("errors.")).toBe(false);
  expect(isNumericMetric("errors.__proto__")).toBe(false);
});
