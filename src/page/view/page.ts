import { gzipSync } from "node:zlib";
import { told } from "../../told.js";
import { sayCompared } from "../../words/comparison.js";
import { counted, say } from "../../words/say.js";
import type { Comparison } from "../../compare/types.js";
import { broken, claimRow, commonCircumstances, countsText, isClaim } from "../../report/claims.js";
import { heldText } from "../../report/judgements.js";
import type { RunResult } from "../../result/types.js";
import { printable, printableDocument } from "../../text/printable.js";
import type { ClaimsView, ComparisonView, PageView, RawView } from "../types.js";
import { comparisonView } from "./comparison.js";
import { claimView, runView } from "./run.js";

/** Above this many characters of JSON the raw result stays where it is: the page would take too long to open. */
const MOST_EMBEDDED = 16_000_000;

/** What a page is made from. */
export interface PageInput {
  results: readonly RunResult[];
  /** Of each result's two sides, null where they could not be judged; without results, those that stand for themselves. */
  comparisons: readonly (Comparison | null)[];
  /** The same as they are saved, in English. Absent where they are drawn so. */
  saved?: readonly Comparison[];
}

/** Results, and what was held against each other, as one page. Of several claims there is one table, as in every report. */
export function pageView({ results, comparisons, saved }: PageInput): PageView {
  const claims = results.length > 1 ? results.filter(isClaim) : [];
  const compare = (comparison: Comparison | null, at: number): ComparisonView | null =>
    comparison === null ? null : comparisonView(comparison, `c${at}`);
  const runs = results.flatMap((result, at) =>
    claims.includes(result) ? [] : [{ ...runView(result, `r${at}`), comparison: compare(comparisons[at] ?? null, at) }],
  );
  const compared = results.length > 0 ? [] : comparisons.map(compare).filter((view) => view !== null);
  const claimed = claims.length === 0 ? null : claimsView(claims);
  const title = runs[0]?.title ?? claimed?.counts ?? titleOf(comparisons);
  const more = runs.length - 1;
  const name = printable(results[0]?.scenario.name ?? comparisons[0]?.scenario ?? "comparison").replaceAll(
    /[^\w.-]+/gu,
    "-",
  );
  return {
    title: more < 1 ? title : say(more === 1 ? "and-one-more" : "and-more", { title, n: more }),
    runs,
    claims: claimed,
    comparisons: compared,
    raw: rawView(documentOf({ results, comparisons: saved ?? comparisons }), name),
  };
}

function titleOf(comparisons: PageInput["comparisons"]): string {
  return sayCompared("title-of-sides", { scenario: printable(comparisons[0]?.scenario ?? "") });
}

/** As it is saved: one result by itself, several together. */
function documentOf({ results, comparisons }: PageInput): unknown {
  if (results.length === 1) return results[0];
  if (results.length > 1) return { schemaVersion: 2, results };
  return comparisons.length === 1 ? comparisons[0] : { schemaVersion: 1, comparisons };
}

function claimsView(raw: readonly RunResult[]): ClaimsView {
  const results = printableDocument(raw).map(told);
  const rows = results.map(claimRow);
  return {
    counts: countsText(rows),
    facts: commonCircumstances(results),
    rows: results.map((result, at) => ({
      ...claimView(result),
      id: rows[at]!.id,
      scenario: rows[at]!.scenario,
      warnings: rows[at]!.warnings === 0 ? "" : counted("warning", rows[at]!.warnings),
    })),
    broken: broken(results).map(({ scenario, expectation }) =>
      say("colon", { mark: scenario, text: heldText(expectation) }),
    ),
  };
}

function rawView(document: unknown, name: string): RawView {
  const json = JSON.stringify(document);
  const kilobytes = json.length / 1000;
  const size = kilobytes < 1000 ? `${Math.ceil(kilobytes)} kB` : `${(kilobytes / 1000).toFixed(1)} MB`;
  const gzip = json.length > MOST_EMBEDDED ? null : gzipSync(json).toString("base64");
  return { name: `${name}.json`, gzip, size };
}
