import { describe, expect, test } from "vitest";
import type { LoadPlan } from "../../../src/scenario/types.js";
import { errorOf, parse, places, withLines } from "../parsing.js";

function loadOf(fields: string): LoadPlan {
  return parse(withLines(`load: { ${fields} }`)).variants[0]!.load;
}

describe("a rate", () => {
  test("is one stage as long as the load, constant unless it says otherwise", () => {
    const stages = [{ durationMs: 5000, fromPerSec: 2000, toPerSec: 2000 }];
    expect(loadOf("rate: 2000, duration: 5s").pace).toEqual({ arrivals: "constant", stages, seed: 1 });
    expect(loadOf("rate: 0.5").pace?.stages).toEqual([{ durationMs: 10_000, fromPerSec: 0.5, toPerSec: 0.5 }]);
  });

  test("may arrive like a Poisson process", () => {
    expect(loadOf("rate: 2000, arrivals: poisson").pace?.arrivals).toBe("poisson");
  });

  test("is taken away by a variant that says null, whatever its arrivals would be", () => {
    const { variants } = parse(`title: t
load: { rate: 10, arrivals: poisson }
variants: { open: {}, closed: { load: { rate: null } } }
`);
    expect(variants.map(({ load }) => load.pace === null)).toEqual([false, true]);
  });

  test("can be set by an option", () => {
    const overrides = [{ path: "load.rate", value: "300", option: "--rate 300" }];
    const { variants } = parse(withLines(), { overrides });
    expect(variants[0]?.load.pace?.stages[0]).toMatchObject({ fromPerSec: 300, toPerSec: 300 });
  });
});

describe("stages", () => {
  test("begin each with the rate of the one before, the first with 0, and make the load's duration", () => {
    const load = loadOf(
      "stages: [{ duration: 5s, rate: 100 }, { duration: 10s, rate: 100 }, { duration: 1s, rate: 0 }]",
    );
    expect(load.durationMs).toBe(16_000);
    expect(load.pace?.stages).toEqual([
      { durationMs: 5000, fromPerSec: 0, toPerSec: 100 },
      { durationMs: 10_000, fromPerSec: 100, toPerSec: 100 },
      { durationMs: 1000, fromPerSec: 100, toPerSec: 0 },
    ]);
  });

  test("begin with the rate when there is one", () => {
    expect(loadOf("rate: 50, stages: [{ duration: 5s, rate: 100 }]").pace?.stages).toEqual([
      { durationMs: 5000, fromPerSec: 50, toPerSec: 100 },
    ]);
  });

  test("are cut off where a shorter load ends", () => {
    const load = loadOf(
      "duration: 6s, stages: [{ duration: 4s, rate: 100 }, { duration: 4s, rate: 300 }, { duration: 1s, rate: 0 }]",
    );
    expect(load.durationMs).toBe(6000);
    expect(load.pace?.stages).toEqual([
      { durationMs: 4000, fromPerSec: 0, toPerSec: 100 },
      { durationMs: 2000, fromPerSec: 100, toPerSec: 200 },
    ]);
  });

  test("of a variant take the place of those above", () => {
    const { variants } = parse(`title: t
load: { stages: [{ duration: 5s, rate: 100 }, { duration: 5s, rate: 0 }] }
variants: { a: { load: { stages: [{ duration: 2s, rate: 7 }] } }, b: { load: { stages: null, rate: 3 } } }
`);
    expect(variants.map(({ load }) => load.durationMs)).toEqual([2000, 10_000]);
    expect(variants.map(({ load }) => load.pace?.stages.length)).toEqual([1, 1]);
  });
});

test.each([
  ["load: { rate: 0 }", "3:15"],
  ["load: { rate: -1 }", "3:15"],
  ["load: { rate: fast }", "3:15"],
  ["load: { rate: 10000001 }", "3:15"],
  ["load: { rate: .inf }", "3:15"],
  ["load: { rate: 5, arrivals: random }", "3:28"],
  ["load: { arrivals: poisson }", "3:19"],
  ["load: { stages: [] }", "3:17"],
  ["load: { stages: 5 }", "3:17"],
  ["load: { stages: [{ duration: 5s }] }", "3:18"],
  ["load: { stages: [{ duration: 5s, rate: -1 }] }", "3:40"],
  ["load: { stages: [{ duration: 0s, rate: 1 }] }", "3:30"],
  ["load: { stages: [{ duration: 5s, target: 1 }] }", "3:18 3:34"],
  ["load: { stages: [{ duration: 5s, rate: 1 }], duration: 6s }", "3:56"],
  ["load: { client: autocannon, rate: 5 }", "3:35"],
  ["load: { client: autocannon, stages: [{ duration: 5s, rate: 1 }] }", "3:37"],
])("%s is refused at %s", (line, place) => {
  expect(
    places(errorOf(withLines(line)).faults)
      .toSorted()
      .join(" "),
  ).toBe(place);
});
