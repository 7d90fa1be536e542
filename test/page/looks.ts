import { compareResults, compareSides } from "../../src/compare/compare.js";
import type { Comparison } from "../../src/compare/types.js";
import type { PageInput } from "../../src/page/render.js";
import { readResult, resultsOf } from "../../src/result/file.js";
import type { RunResult, VariantResult } from "../../src/result/types.js";
import type { Variant } from "../../src/scenario/types.js";
import type { Language } from "../../src/text/language.js";
import { claimResult, untested } from "../report/claim-fixture.js";
import { keepAliveVariant, measured, result, trial } from "../report/fixture.js";
import { specimens } from "./specimens.js";

/** A page as a command draws it. */
export interface Look {
  name: string;
  input: PageInput;
  language?: Language;
}

/** Pages of every kind that there is. */
export async function looks(): Promise<Look[]> {
  const all = specimens();
  const of = (name: string, ...results: RunResult[]): Look => ({ name, input: { results, comparisons: [] } });
  const claims = [claimResult(), untested("conntrack-timeout")];
  const sides = twoSides(2);
  const [base, head] = await Promise.all(["closes-each", "closes-tenth"].map(version1));
  const compared = compareResults({ label: "base.json", result: base! }, { label: "head.json", result: head! }, JUDGED);
  return [
    ...Object.entries(all).map(([name, one]) => of(name, one)),
    of("several", ...claims, all["one"]!),
    of("claims", ...claims),
    of("version 1", base!),
    { name: "zh", input: { results: [all["plain"]!], comparisons: [] }, language: "zh" },
    { name: "two sides", input: { results: [sides.run], comparisons: [sides.comparison] } },
    { name: "compare", input: { results: [], comparisons: [compared] } },
  ];
}

const JUDGED = { only: null, gates: [] };

/** Variants that have a base and a head, whose requests take half as long again. */
export function twoSides(variants: number): { run: RunResult; comparison: Comparison } {
  const side = (name: string, perSec: number): [Variant, VariantResult] => [
    { ...keepAliveVariant(), name },
    measured(
      ...Array.from({ length: 10 }, (_, i) =>
        trial({ perSec: perSec + 40 * (i % 4), order: 2 * i, latencyMs: 4000 / perSec, recorded: 500 }),
      ),
    ),
  ];
  const names = Array.from({ length: variants }, (_, at) => (variants === 1 ? "x" : `connections-${at + 1}0`));
  const run = result(names.flatMap((name) => [side(`${name}-base`, 9000), side(`${name}-head`, 6000)]));
  return { run, comparison: compareSides({ label: "run", result: run }, ["base", "head"], JUDGED) };
}

/** A document as it was written before there were links and findings. */
async function version1(name: string): Promise<RunResult> {
  return resultsOf(await readResult(`test/fixtures/compare/${name}.json`))[0]!;
}
