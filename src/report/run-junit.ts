import type { RunResult } from "../result/types.js";
import { printableDocument } from "../text/printable.js";
import { told } from "../told.js";
import { listed, say } from "../words/say.js";
import { verdictWords } from "./claims.js";
import { statusLine } from "./header.js";
import {
  findingText,
  findingTexts,
  measuredText,
  paragraphs,
  paragraphText,
  toldFindings,
  unbalancedBooks,
  warningTexts,
} from "./judgements.js";
import { type Case, junitOf, type Suite } from "./junit.js";

/**
 * JUnit XML for CI: a suite for each result. What ends a run with another exit code than 0 fails, or is an error: an
 * expectation that does not hold, a run that was not completed. A problem, books that do not balance and a claim without
 * a verdict are skipped, with what there is to say. Ends with a line feed.
 */
export function renderJunit(raw: readonly RunResult[]): string {
  return junitOf("bench run", runSuites(raw));
}

export function runSuites(raw: readonly RunResult[]): Suite[] {
  return raw
    .map((one) => told(printableDocument(one)))
    .map((result) => ({
      name: result.scenario.name,
      cases: [
        completion(result),
        ...expectationCases(result),
        ...claimCase(result),
        ...problemCases(result),
        booksCase(result),
      ],
      output: [
        ...paragraphs(result).map((one) => say("colon", { mark: one.title, text: paragraphText(one) })),
        ...findingTexts(result, "notice").map((text) => say("colon", { mark: say("notice"), text })),
        ...warningTexts(result).map((text) => say("colon", { mark: say("warning"), text })),
      ],
    }));
}

/** A claim that this machine cannot test has that for its verdict, and its run has not failed. */
function completion(result: RunResult): Case {
  const text = result.claim === undefined ? statusLine(result) : null;
  return { name: say("runs-to-end"), ...(text !== null && { error: text }) };
}

function expectationCases({ scenario, expectations }: RunResult): Case[] {
  if (expectations.length === 0)
    return scenario.expect.map(({ text }) => ({ name: text, skipped: say("not-judged-here") }));
  return expectations.map((one) => ({ name: one.text, ...(!one.holds && { failure: measuredText(one) }) }));
}

function problemCases({ findings }: RunResult): Case[] {
  return toldFindings(findings, "problem").map((finding) => {
    const { code, variant, step, link } = finding;
    const at = [variant, step, link === null ? null : `${link.from} → ${link.to}`].filter((part) => part !== null);
    return { name: `${code}: ${at.join(", ")}`, skipped: findingText(finding, false) };
  });
}

function booksCase(result: RunResult): Case {
  const texts = unbalancedBooks(result);
  return { name: say("books-balance"), ...(texts.length > 0 && { skipped: listed(texts, "clauses") }) };
}

function claimCase({ scenario, claim }: RunResult): Case[] {
  const text = claim?.text ?? scenario.claim?.text;
  if (text === undefined) return [];
  if (claim === undefined) return [{ name: text, skipped: verdictWords({ verdict: null }) }];
  const words = say("colon", { mark: verdictWords(claim), text: claim.reason });
  return [
    {
      name: say("in-brackets", { text, more: words }),
      ...(claim.verdict === "not-testable-here" && { skipped: words }),
    },
  ];
}
