import { describe, expect, test } from "vitest";
import { compareResults, compareSides } from "../../src/compare/compare.js";
import { flattened } from "../../src/metrics/flat.js";
import type { RunResult, Trial } from "../../src/result/types.js";
import { parseGate } from "../../src/scenario/expect/gate.js";
import type { Variant } from "../../src/scenario/types.js";
import { closeTrial, keepAliveTrial, metricsOf, result, variantOf } from "../report/fixture.js";

/** Variants of which the loads are steps: each load is compared by itself. */

const LOADS = { close: closeTrial({ recorded: 50 }), keepAlive: keepAliveTrial({ recorded: 50 }) };

interface Steps {
  [step: string]: keyof typeof LOADS;
}

function stepwise(variants: Record<string, Steps>, trials = 3): RunResult {
  return result(
    Object.entries(variants).map(([name, steps]) => {
      const plan = variantOf(name);
      const load = (step: string): Variant["phases"][number] => ({
        name: step,
        do: "load",
        on: "client",
        to: "server",
        load: plan.load,
      });
      const figures = Object.entries(steps).flatMap(([step, of]) =>
        Object.entries(flattened(metricsOf(LOADS[of]))).map(([path, value]) => [`${step}.${path}`, value] as const),
      );
      const trial = (order: number): Trial => ({
        ...structuredClone(LOADS.close),
        order,
        figures: { ...Object.fromEntries(figures), "look.TW": 7 },
      });
      return [
        {
          ...plan,
          phases: [
            { name: "both", do: "together", phases: Object.keys(steps).map(load) },
            { name: "look", do: "read", on: "client", port: null },
          ],
        },
        { trials: Array.from({ length: trials }, (_, order) => trial(order)), median: null, figures: {} },
      ];
    }),
  );
}

const compared = (base: RunResult, head: RunResult, gates: string[] = []) =>
  compareResults(
    { label: "base", result: base },
    { label: "head", result: head },
    { only: null, gates: parsed(gates) },
  );

function parsed(gates: readonly string[]) {
  return gates.map((text) => {
    const gate = parseGate(text, ["churn", "churn.first", "churn.second"]);
    if (!gate.ok) throw new Error(gate.faults[0].message);
    return gate.gate;
  });
}

describe("a load that is one of several steps", () => {
  const base = stepwise({ churn: { first: "keepAlive", second: "keepAlive" } });
  const head = stepwise({ churn: { first: "keepAlive", second: "close" } });

  test("is compared by itself, and told by its name", () => {
    const { verdict, summary, variants } = compared(base, head);
    expect(variants.map(({ name }) => name)).toEqual(["churn.first", "churn.second"]);
    expect(verdict).toBe("worse");
    expect(summary).toMatch(/opens 1\.00 connections per request/u);
    expect(summary).toContain("churn.second");
    expect(compared(base, base).verdict).not.toBe("worse");
  });

  test("may have gates: of one load, of all of a variant, of all", () => {
    const { gates } = compared(base, head, [
      "churn.second.requests.failed == 0",
      "churn.connections.requestsPer >= 0.9 * base",
      "connections.perRequest not worse",
    ]);
    expect(gates.map(({ variant, outcome }) => [variant, outcome])).toEqual([
      ["churn.second", "holds"],
      ["churn.first", "holds"],
      ["churn.second", "breaks"],
      ["churn.first", "holds"],
      ["churn.second", "breaks"],
    ]);
  });

  test("is compared with the one of the other side", () => {
    const run = stepwise({ "churn-base": { first: "keepAlive" }, "churn-head": { first: "close" } });
    const { variants, verdict } = compareSides({ label: "run", result: run }, ["base", "head"], {
      only: null,
      gates: [],
    });
    expect([verdict, variants.map(({ name }) => name)]).toEqual(["worse", ["churn.first"]]);
  });

  test("is not compared where the other side does not make it", () => {
    expect(compared(base, stepwise({ churn: { second: "close" } })).variants.map(({ name }) => name)).toEqual([
      "churn.second",
    ]);
    expect(() => compared(base, stepwise({ churn: { third: "close" } }))).toThrow("no load in common");
  });
});
