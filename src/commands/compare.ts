import { namesForGates, variantIn } from "../scenario/loads.js";
import { COMPARE } from "./definitions/results.js";
import { resolve } from "node:path";
import { compareResults, compareSides, type CompareOptions } from "../compare/compare.js";
import type { Comparison } from "../compare/types.js";
import { BenchError, type ExitCode } from "../errors.js";
import { renderComparisons } from "../report/comparison.js";
import { readResult, resultsOf } from "../result/file.js";
import type { RunResult } from "../result/types.js";
import type { Gate } from "../scenario/types.js";
import { inLanguage } from "../text/language.js";
import { chosenLanguage } from "./language.js";
import { parse } from "./options.js";
import { deliver, drawPage, formatOf } from "./page.js";
import { exitCodeOfComparisons, gatesOf, namesOfSides, toJobSummary } from "./verdict.js";
import { DEFAULT_WIDTH, type World } from "./world.js";

/** Judges two results, or two sides of one. */
export async function compare(args: readonly string[], world: World): Promise<ExitCode> {
  const { values, positionals } = parse(COMPARE, args);
  const format = formatOf(values.format, values.output);
  const sides = sidesFrom(values.sides);
  const files = filesFrom(positionals, values.baseline, sides !== null);
  const [base, head = base] = await Promise.all(files.map((file) => read(file, world)));
  const only = list(values.variant);
  const names = head!.results.flatMap(({ scenario }) => namesForGates(scenario.variants));
  const fileGates = await gatesOf(values.gates, sides === null ? names : namesOfSides(names, sides), world);
  const options = (result: RunResult): CompareOptions => ({
    only,
    gates: asked(fileGates ?? result.scenario.gates, only),
  });

  const judged = (): Comparison[] =>
    sides === null
      ? matched(base!, head!).map(([b, h]) =>
          compareResults({ label: base!.file, result: b }, { label: head!.file, result: h }, options(h)),
        )
      : head!.results.map((result) => compareSides({ label: head!.file, result }, sides, options(result)));
  const language = chosenLanguage(values.lang, world.env);
  // JSON, and so the document that a page comes with, is English.
  const saved = judged();
  const comparisons = language === "en" ? saved : inLanguage(language, judged);
  const width = { width: world.stdout.columns ?? DEFAULT_WIDTH, color: world.stdout.color };
  const text =
    format === "html"
      ? await drawPage({ results: [], comparisons, saved }, language)
      : inLanguage(language, () => renderComparisons(format === "json" ? saved : comparisons, format, width));
  await deliver(text, values.output, world);
  await toJobSummary(comparisons, language, world);
  return exitCodeOfComparisons(comparisons, values.strict);
}

interface Read {
  /** As the user calls it. */
  file: string;
  results: RunResult[];
}

async function read(file: string, world: World): Promise<Read> {
  return { file, results: resultsOf(await readResult(resolve(world.cwd, file))) };
}

function filesFrom(positionals: readonly string[], baseline: string | undefined, oneResult: boolean): string[] {
  const files = baseline === undefined ? positionals : [baseline, ...positionals];
  if (oneResult && files.length === 1) return [...files];
  if (oneResult || files.length !== 2)
    throw new BenchError(
      "bad-usage",
      oneResult ? "bench compare --sides takes one result" : "bench compare takes two results, base and head",
      oneResult
        ? "Example: bench compare --sides base,head results/run.json"
        : "Example: bench compare base.json head.json",
    );
  return [...files];
}

function sidesFrom(text: string | undefined): [string, string] | null {
  if (text === undefined) return null;
  const [base, head, ...more] = list(text) ?? [];
  if (base !== undefined && head !== undefined && base !== head && more.length === 0) return [base, head];
  throw new BenchError("bad-usage", `--sides takes two names, not "${text}"`, "Example: --sides base,head");
}

function list(text: string | undefined): string[] | null {
  const names = text?.split(",").map((name) => name.trim());
  return names?.filter((name) => name !== "") ?? null;
}

/** Results of one scenario each; of several in one file, those of the same name. */
function matched(base: Read, head: Read): [RunResult, RunResult][] {
  if (base.results.length === 1 && head.results.length === 1) return [[base.results[0]!, head.results[0]!]];
  const pairs = head.results.flatMap((h): [RunResult, RunResult][] => {
    const b = base.results.find(({ scenario }) => scenario.name === h.scenario.name);
    return b === undefined ? [] : [[b, h]];
  });
  if (pairs.length > 0) return pairs;
  throw new BenchError(
    "not-comparable",
    `${head.file} and ${base.file} have no scenario in common`,
    "Compare results of the same scenarios.",
  );
}

/** Of variants that are left out nothing is asked. */
function asked(gates: readonly Gate[], only: readonly string[] | null): Gate[] {
  return gates.filter(({ variant }) => variant === null || only === null || only.includes(variantIn(variant)));
}
