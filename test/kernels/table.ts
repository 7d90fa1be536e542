/** Verdicts by claim and kernel → Markdown. Pure. */

export interface Outcome {
  /** `not-testable-here` for one that came to none, too: a slow or an old kernel makes no other verdict. */
  verdict: string;
  reason: string;
}

/** What one kernel came to. */
export interface Column {
  /** `5.10.0-32-amd64`. */
  kernel: string;
  /** By the claim's name, of those that were put to it. */
  verdicts: Readonly<Record<string, Outcome>>;
}

const UNTESTABLE = "not-testable-here";
/** As `timeout` ends with when it had to end what it ran; the last where that did not obey. */
const OUT_OF_TIME = new Set([124, 137]);
/** Where the table stands in scenarios/claims/README.md. */
const BEGIN = "<!-- kernels -->";
const END = "<!-- /kernels -->";

/** @param claim as the result has it; null where there was none. @param code what bench ended with */
export function outcomeOf(claim: Outcome | null, code: number): Outcome {
  if (claim !== null) return { verdict: claim.verdict, reason: claim.reason };
  const reason = OUT_OF_TIME.has(code)
    ? "The emulated machine was too slow: it took more than ten minutes."
    : `It could not be run there: bench ended with exit code ${code}.`;
  return { verdict: UNTESTABLE, reason };
}

/** The verdicts of the page's own list, by claim. */
export function listedIn(page: string): Record<string, string> {
  const items = page.matchAll(/^- `([a-z0-9-]+)` \*\*([a-z-]+)\*\*:/gmu);
  return Object.fromEntries(Array.from(items, ([, claim, verdict]) => [claim!, verdict!]));
}

/**
 * A row for each claim that was put to some kernel; then why it came out otherwise there than in the list.
 * @param listed the verdict that the list has, by claim
 */
export function tableOf(columns: readonly Column[], listed: Readonly<Record<string, string>>): string {
  const claims = [...new Set(columns.flatMap(({ verdicts }) => Object.keys(verdicts)))].toSorted();
  const rows = [
    ["claim", ...columns.map(({ kernel }) => kernel), "the list"],
    ...claims.map((claim) =>
      [`\`${claim}\``].concat(
        columns.map(({ verdicts }) => verdicts[claim]?.verdict ?? "–"),
        listed[claim] ?? "–",
      ),
    ),
  ];
  const widths = rows[0]!.map((_, at) => Math.max(3, ...rows.map((row) => row[at]!.length)));
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, at) => cell.padEnd(widths[at]!)).join(" | ")} |`;
  const table = [line(rows[0]!), line(widths.map((width) => "-".repeat(width))), ...rows.slice(1).map(line)];
  const reasons = columns.flatMap(({ kernel, verdicts }) =>
    Object.entries(verdicts)
      .filter(([claim, { verdict }]) => verdict !== listed[claim])
      .map(([claim, { verdict, reason }]) => `- \`${claim}\` on ${kernel}, **${verdict}**: ${reason}`),
  );
  return [...table, ...(reasons.length === 0 ? [] : ["", ...reasons.toSorted()])].join("\n");
}

/** @throws Error when the page has no place for it */
export function inPage(page: string, table: string): string {
  const [before, rest] = page.split(BEGIN);
  const after = rest?.split(END)[1];
  if (before === undefined || after === undefined) throw new Error(`the page has no ${BEGIN}`);
  return `${before}${BEGIN}\n\n${table}\n\n${END}${after}`;
}
