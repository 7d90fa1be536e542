import { stringify } from "yaml";
import { claimRow, decisiveFigures, isClaim, verdictWords } from "../../report/claims.js";
import { circumstances, statusLine, when } from "../../report/header.js";
import {
  measuredText,
  notJudged,
  paragraphs,
  sentence,
  toldFindings,
  unbalancedBooks,
  warningTexts,
  whereFound,
} from "../../report/judgements.js";
import { hasSteps, variantViews, wasLoaded } from "../../report/view.js";
import { told } from "../../told.js";
import type { Finding } from "../../findings/types.js";
import type { RunResult } from "../../result/types.js";
import type { Scenario } from "../../scenario/types.js";
import { printableDocument, printableLines } from "../../text/printable.js";
import { say } from "../../words/say.js";
import type { ClaimView, FindingsView, FindingView, RunView } from "../types.js";
import { chartsOf } from "./charts.js";
import { labOf } from "./lab.js";
import { booksTable, environmentTable, figuresTable, linksTables, spreadTable, stepsTable } from "./tables.js";
import { trialsOf } from "./trials.js";

/** One result as a page shows it. Whatever text stands in it is on one line and safe to show. */
export function runView(raw: RunResult, id: string): RunView {
  const result = told(printableDocument(raw));
  const views = variantViews(result);
  const loaded = views.filter(wasLoaded);
  const { scenario } = result;
  return {
    id,
    name: scenario.name,
    title: scenario.title === "" ? scenario.name : scenario.title,
    facts: [when(result), ...circumstances(result, views)],
    status: statusOf(result, raw),
    claim: isClaim(result) ? claimView(result) : null,
    findings: findingsOf(result),
    labs: views.filter(({ basis }) => basis !== "none").map(labOf),
    figures: figuresTable(loaded),
    charts: chartsOf(views, id),
    links: linksTables(views),
    steps: stepsTable(views.filter(hasSteps), result),
    spread: spreadTable(loaded),
    trials: trialsOf(loaded, id),
    expectations: {
      open: notJudged(result),
      rows: result.expectations.map((expectation) => ({
        holds: expectation.holds,
        text: expectation.text,
        measured: measuredText(expectation),
      })),
    },
    gates: scenario.gates.map(({ text }) => text),
    books: booksTable(views),
    warnings: [
      ...unbalancedBooks(result).map((text) => say("colon", { mark: say("books-differ"), text })),
      ...warningTexts(result),
    ],
    environment: environmentTable(result),
    scenario: scenarioOf(raw.scenario),
  };
}

export function claimView(result: RunResult): ClaimView {
  const { scenario, claim } = result;
  const row = claimRow(result);
  return {
    text: row.text,
    verdict: row.verdict,
    words: verdictWords(row),
    reason: claim?.reason ?? row.lack,
    figures: decisiveFigures(result),
    test: scenario.claim?.test ?? "",
    lesson: scenario.claim?.lesson ?? "",
    instead: row.instead,
    sources: scenario.claim?.sources ?? [],
  };
}

function statusOf(result: RunResult, raw: RunResult): RunView["status"] {
  const text = statusLine(result);
  if (text === null) return null;
  return { failed: result.status === "failed", text, hint: printableLines(raw.error?.hint ?? "") };
}

function findingsOf(result: RunResult): FindingsView {
  const several = result.scenario.variants.length > 1;
  const of = (severity: Finding["severity"]): FindingView[] =>
    toldFindings(result.findings, severity).map((finding) => findingView(finding, several));
  return {
    problems: of("problem"),
    notices: of("notice"),
    explained: paragraphs(result).map(({ title, facts }) => ({
      title,
      facts: facts.map((fact) => findingView(fact, false)),
    })),
  };
}

function findingView(finding: Finding, several: boolean): FindingView {
  const { severity, remedy, source } = finding;
  const where = whereFound(finding, several);
  return { severity, text: say("end", { text: sentence(finding) }), where, remedy: remedy ?? "", source: source ?? "" };
}

function scenarioOf(scenario: Scenario): RunView["scenario"] {
  const { explanation, file } = scenario;
  return {
    explanation: printableLines((explanation ?? "").trim()),
    file: file === undefined ? null : printableLines(file.trimEnd()).join("\n"),
    resolved: resolvedText(scenario),
  };
}

function resolvedText({ variants, expect, gates }: Scenario): string {
  const fields = {
    variants: Object.fromEntries(variants.map(({ name: variant, ...rest }) => [variant, rest])),
    expect: expect.map(({ text }) => text),
    gates: gates.map(({ text }) => text),
  };
  return printableLines(stringify(fields)).join("\n");
}
