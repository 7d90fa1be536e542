import type { RunResult } from "../result/types.js";
import type { Verdict } from "../scenario/claim/types.js";
import { figureText } from "../text/figures.js";
import { counted, say } from "../words/say.js";
import { circumstances, hasRun, statusLine, when } from "./header.js";
import { warningTexts } from "./judgements.js";

/** Claims and what became of them, as every format tells it. Takes results whose texts are clean already. */

interface ClaimRow {
  id: string;
  /** The scenario's name, by which `bench show` knows it. */
  scenario: string;
  text: string;
  /** null: the run ended before one was reached. */
  verdict: Verdict | null;
  /** `created on the server: 100`, in the scenario's order. */
  figures: string[];
  /** Why there are none, or none that decide; empty otherwise. */
  lack: string;
  instead: string;
  /** Warnings that its own report tells. */
  warnings: number;
}

const VERDICTS = ["confirmed", "refuted", "partly", "gone", "not-testable-here"] as const satisfies Verdict[];

export function isClaim({ scenario, claim }: RunResult): boolean {
  return claim !== undefined || scenario.claim !== null;
}

export function claimRow(result: RunResult): ClaimRow {
  const { scenario, claim } = result;
  const verdict = claim?.verdict ?? null;
  const decides = verdict !== null && verdict !== "not-testable-here";
  return {
    id: claim?.id ?? lastPart(scenario.name),
    scenario: scenario.name,
    text: claim?.text ?? scenario.claim?.text ?? scenario.title,
    verdict,
    figures: decides ? decisiveFigures(result).map(({ label, value }) => `${label}: ${value}`) : [],
    lack: decides ? "" : (claim?.reason ?? statusLine(result) ?? say("nothing-judged")),
    instead: scenario.claim?.instead ?? "",
    warnings: warningTexts(result).length,
  };
}

/** In the scenario's order, with the units that its metrics have; none where nothing was measured. */
export function decisiveFigures({ scenario, claim }: RunResult): { label: string; value: string }[] {
  const figures = claim?.figures ?? {};
  if (Object.values(figures).every((value) => value === null)) return [];
  const metrics = new Map(scenario.claim?.figures.map(({ label, metric }) => [label, metric]));
  const labels = [...metrics.keys(), ...Object.keys(figures).filter((label) => !metrics.has(label))];
  return labels
    .filter((label) => Object.hasOwn(figures, label))
    .map((label) => ({ label, value: figureText(metrics.get(label) ?? "", figures[label] ?? null) }));
}

/** `41 claims: 20 confirmed, 12 refuted`; verdicts that nothing got are left out. */
export function countsText(rows: readonly ClaimRow[]): string {
  const counts = [...VERDICTS, null].map((verdict) => {
    const n = rows.filter((row) => row.verdict === verdict).length;
    return n === 0 ? null : say("so-many", { n, what: verdictWords({ verdict }) });
  });
  const parts = counts.filter((part) => part !== null);
  const text = parts.length === 0 ? "" : parts.reduce((a, b) => say("list", { a, b }));
  return say("colon", { mark: counted("claim", rows.length), text });
}

export function verdictWords({ verdict }: Pick<ClaimRow, "verdict">): string {
  return say(verdict ?? "no-verdict");
}

/** Expectations that do not hold, with whose they are: the run's exit code tells of them too. */
export function broken(
  results: readonly RunResult[],
): { scenario: string; expectation: RunResult["expectations"][0] }[] {
  return results.flatMap(({ scenario, expectations }) =>
    expectations.filter(({ holds }) => !holds).map((expectation) => ({ scenario: scenario.name, expectation })),
  );
}

/** When and where: what holds of all the runs. */
export function commonCircumstances(results: readonly RunResult[]): string[] {
  if (results.length === 0) return [];
  // One that could not begin says nothing of isolation.
  const ran = results.filter(hasRun);
  const [one = [], ...others] = (ran.length > 0 ? ran : results).map((result) => circumstances(result, []));
  return [when(results[0]!), ...one.filter((fact) => others.every((facts) => facts.includes(fact)))];
}

function lastPart(name: string): string {
  return name.slice(name.lastIndexOf("/") + 1);
}
