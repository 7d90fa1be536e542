import { expect, test } from "vitest";
import { figureOf, figuresOfLoad, medianFigures } from "../../src/result/figures.js";
import { medianOf } from "../../src/result/median.js";
import { trialOf } from "../../src/result/trial.js";
import type { Figure, Trial, VariantResult } from "../../src/result/types.js";
import { METRIC_NAMES } from "../../src/metrics/names.js";
import { measurementOf } from "./fixture.js";

const trialWith = (figures: Record<string, Figure>, status: Trial["status"] = "complete"): Trial => ({
  ...trialOf(measurementOf()),
  figures,
  status,
});
const variantsWith = (figures: Record<string, Figure>): Record<string, VariantResult> => {
  const trial = trialWith(figures);
  return { v: { trials: [trial], median: medianOf([trial]), figures } };
};

test("numbers have a median, names their most frequent one", () => {
  const trials = [
    trialWith({ "a.tookMs": 5, "a.errno": "none" }),
    trialWith({ "a.tookMs": 1, "a.errno": "EADDRINUSE" }),
    trialWith({ "a.tookMs": 2, "a.errno": "EADDRINUSE" }),
  ];
  expect(medianFigures(trials)).toEqual({ "a.tookMs": 2, "a.errno": "EADDRINUSE" });
});

test("of a load's causes of closes, one that never came up was seen zero times, where the client tells them", () => {
  const told = variantsWith({ "a.requests.sent": 9, "a.closeCauses.answer": 9, "a.repeated": 0 });
  expect(figureOf(told, "v", "a.closeCauses.answer")).toBe(9);
  expect(figureOf(told, "v", "a.closeCauses.idle")).toBe(0);
  expect(figureOf(variantsWith({ "a.requests.sent": 9 }), "v", "a.closeCauses.idle")).toBeNull();
});

test("names that came up equally often decide nothing", () => {
  expect(medianFigures([trialWith({ "a.errno": "none" }), trialWith({ "a.errno": "EPIPE" })])).toEqual({
    "a.errno": null,
  });
});

test.each<[string, Record<string, Figure>[]]>([
  ["nothing in one trial", [{ "a.value": 1 }, { "a.value": null }, { "a.value": 1 }]],
  ["no such figure in one trial", [{ "a.value": 1 }, {}, { "a.value": 1 }]],
  ["a name in one trial and numbers in others", [{ "a.value": 1 }, { "a.value": "one" }, { "a.value": 1 }]],
])("there is none of %s", (_what, figures) => {
  expect(medianFigures(figures.map((of) => trialWith(of)))).toEqual({ "a.value": null });
});

test("only trials that were measured to their end count", () => {
  const trials = [trialWith({ "a.x": 7 }), trialWith({ "a.x": 1, "a.y": 1 }, "interrupted")];
  expect(medianFigures(trials)).toEqual({ "a.x": 7 });
  expect(medianFigures([trialWith({ "a.x": 1 }, "failed")])).toEqual({});
});

test("errors of a load and matches of a command that never came up were seen zero times", () => {
  const load = { "flood.requests.sent": 9, "flood.errors.EPIPE": 1 };
  const count = { "count.counted": 3, "count.LISTEN": 3 };
  const variants = variantsWith({ ...load, ...count });
  expect(figureOf(variants, "v", "flood.errors.EADDRNOTAVAIL")).toBe(0);
  expect(figureOf(variants, "v", "count.SYN_SENT")).toBe(0);
  expect(figureOf(variants, "v", "never.errors.EADDRNOTAVAIL")).toBeNull();
  expect(figureOf(variants, "v", "never.SYN_SENT")).toBeNull();
  const trials = [trialWith({ ...load, ...count }), trialWith({ "flood.requests.sent": 9, "count.counted": 0 })];
  expect(medianFigures(trials)).toMatchObject({ "flood.errors.EPIPE": 0.5, "count.LISTEN": 1.5 });
});

test("a path into Metrics is found there, everything else among the steps' figures", () => {
  const variants = variantsWith({ "again.errno": "EADDRINUSE", "look.time_wait": 4, "look.absent": null });
  expect(figureOf(variants, "v", "timeWait.server.peak")).toBe(100);
  expect(figureOf(variants, "v", "closedFirst")).toBe("server");
  expect(figureOf(variants, "v", "errors.EPIPE")).toBe(0);
  expect(figureOf(variants, "v", "errors.constructor")).toBe(0);
  expect(figureOf(variants, "v", "again.errno")).toBe("EADDRINUSE");
  expect(figureOf(variants, "v", "look.time_wait")).toBe(4);
  expect(figureOf(variants, "v", "look.absent")).toBeNull();
});

test.each(["constructor.length", "__proto__", "toString.length", "", ".", "requests", "requests.sent.more"])(
  "what was never measured is none: %s",
  (metric) => {
    expect(figureOf(variantsWith({}), "v", metric)).toBeNull();
    expect(figureOf(variantsWith({}), "constructor", metric)).toBeNull();
  },
);

test("a load that was a step has every figure that a load has", () => {
  const metrics = medianOf([trialOf(measurementOf())])!;
  const figures = figuresOfLoad({ ...metrics, errors: { EPIPE: 2 } });
  expect(figures).toMatchObject({ "requests.sent": 100, closedFirst: "server", "errors.EPIPE": 2 });
  for (const name of METRIC_NAMES) expect(figures[name] ?? null).toBe(figureOf(variantsWith({}), "v", name));
});
