import fc from "fast-check";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { errorAsText } from "../../src/commands/errors-as-text.js";
import { compareResults } from "../../src/compare/compare.js";
import { BenchError } from "../../src/errors.js";
import { COMPARISON_FORMATS, renderComparisons } from "../../src/report/comparison.js";
import { render, REPORT_FORMATS } from "../../src/report/render.js";
import { readResult, resultsOf } from "../../src/result/file.js";
import { temporaryFolder } from "../support/temporary.js";

/** What people, tools and other versions may have made of a result: each is drawn, or refused with a sentence. */

const SAMPLE = readFileSync(new URL("../../results/sample.json", import.meta.url), "utf8");
const RUNS = Number(process.env["FUZZ_RUNS"] ?? 60);
const NOT_OURS = /(?![\n\t]|\r\n)[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u;
const options = { width: 100, color: true };
/** The colours that reports make themselves. */
const COLOUR = new RegExp(String.raw`\u001B\[[\d;]*m`, "gu");

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

function nested(levels: number): Json {
  let value: Json = 1;
  for (let i = 0; i < levels; i++) value = i % 2 === 0 ? [value] : { a: value };
  return value;
}

const foreign = fc.oneof(
  fc.string({ unit: "binary", maxLength: 30 }),
  fc.constantFrom("\u202Ea", "\u001B[2J", "=1+1", "|"),
);
const value: fc.Arbitrary<Json | undefined> = fc.oneof(
  foreign,
  fc.constantFrom<Json | undefined>(
    undefined,
    null,
    true,
    "",
    "close",
    "none",
    -1,
    0,
    0.5,
    1e308,
    -1e308,
    5e-324,
    2 ** 53,
  ),
  fc.constantFrom<Json>([], {}, [[]], [null], { constructor: null }, { toString: 1 }, nested(50), "HISTFAAA", "AAAA"),
  fc.integer(),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
);

/** Every place of a document, by a number: the fields nearest to the top are as likely as all that lies deep. */
function mutate(
  document: Json,
  choices: readonly number[],
  replacement: Json | undefined,
  renamed: string | null,
): void {
  let at: Json = document;
  for (const [depth, choice] of choices.entries()) {
    if (typeof at !== "object" || at === null) return;
    const keys = Object.keys(at);
    if (keys.length === 0) return;
    const key = keys[choice % keys.length]!;
    const holder = at as Record<string, Json>;
    const inner: Json = holder[key]!;
    if (depth < choices.length - 1 && typeof inner === "object" && inner !== null && Object.keys(inner).length > 0) {
      at = inner;
      continue;
    }
    if (replacement === undefined) delete holder[key];
    else holder[key] = replacement;
    if (renamed !== null && !Array.isArray(at)) holder[renamed] = inner;
    return;
  }
}

const mutation = fc.record({
  choices: fc.array(fc.nat(1000), { minLength: 1, maxLength: 9 }),
  replacement: value,
  renamed: fc.option(foreign, { freq: 6 }),
});

async function drawn(text: string): Promise<string[]> {
  const file = join(temporaryFolder(), "damaged.json");
  writeFileSync(file, text);
  try {
    const results = resultsOf(await readResult(file));
    const whole = resultsOf(JSON.parse(SAMPLE) as never);
    const reports = REPORT_FORMATS.map((format) => render(results, format, options));
    const [base, head] = [
      { label: "base", result: whole[0]! },
      { label: "head", result: results[0]! },
    ];
    const gates = { only: null, gates: results[0]!.scenario.gates };
    const comparisons = [compareResults(base, head, gates), compareResults(head, base, gates)];
    return [...reports, ...COMPARISON_FORMATS.map((format) => renderComparisons(comparisons, format, options))];
  } catch (error) {
    if (!(error instanceof BenchError)) throw error;
    return [errorAsText(error, false)];
  }
}

test(
  "however a result is damaged, it is drawn or refused, and nothing in it reaches a terminal",
  async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(mutation, { minLength: 1, maxLength: 4 }), async (mutations) => {
        const document = JSON.parse(SAMPLE) as Json;
        for (const { choices, replacement, renamed } of mutations)
          mutate(document, choices, structuredClone(replacement), renamed);
        for (const text of await drawn(JSON.stringify(document)))
          expect(NOT_OURS.exec(text.replaceAll(COLOUR, ""))).toBeNull();
      }),
      { numRuns: RUNS },
    );
  },
  60_000 + RUNS * 1000,
);

test(
  "a text that is cut or has bytes changed is refused or drawn",
  async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(SAMPLE.length - 1), fc.string({ maxLength: 3 }), async (at, put) => {
        await drawn(SAMPLE.slice(0, at) + put + SAMPLE.slice(at + put.length + 1));
      }),
      { numRuns: RUNS },
    );
  },
  60_000 + RUNS * 1000,
);
