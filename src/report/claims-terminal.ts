import type { RunResult } from "../result/types.js";
import { VERDICT_STYLE } from "./claim-section.js";
import { broken, claimRow, commonCircumstances, countsText, verdictWords } from "./claims.js";
import { printableDocument } from "../text/printable.js";
import { marked } from "./marked.js";
import { heldText } from "./judgements.js";
import { told } from "../told.js";
import { counted, say } from "../words/say.js";
import { type Paint, painter } from "./paint.js";
import { type TerminalOptions, widthOf } from "./terminal.js";
import { displayWidth, fit, padRight } from "../text/width.js";
import { wrap, wrapFacts } from "../text/wrap.js";

const INDENT = 2;

/** Several claims as one list, a few lines each: what is said, what was found, what to do instead. Ends with a line feed. */
export function renderClaimsTerminal(raw: readonly RunResult[], options: TerminalOptions): string {
  const width = widthOf(options);
  const paint = painter(options.color);
  const results = printableDocument(raw).map(told);
  const rows = results.map(claimRow);
  const widest = Math.max(...rows.map(({ id }) => displayWidth(id)));
  const sections = [
    [
      ...wrap(countsText(rows), width, INDENT).map((line) => paint("bold", line)),
      ...wrapFacts(commonCircumstances(results), width).map((line) => paint("dim", line)),
    ],
    ...rows.map((row) => entry(row, widest, width, paint)),
    broken(results).flatMap(({ scenario, expectation }) => {
      const text = say("colon", { mark: scenario, text: heldText(expectation) });
      return marked(say("fails"), ["bold", "red"], text, width, paint);
    }),
    hint(rows[0]?.scenario ?? "", width, paint),
  ];
  const filled = sections.filter((lines) => lines.length > 0);
  return filled.map((lines) => `${lines.join("\n")}\n`).join("\n");
}

function entry(row: ReturnType<typeof claimRow>, widest: number, width: number, paint: Paint): string[] {
  const words = verdictWords(row);
  const id = fit(row.id, Math.max(2, width - INDENT - displayWidth(words)));
  const gap = padRight(id, Math.min(widest, width - INDENT - displayWidth(words))).slice(id.length);
  const style = row.verdict === null ? "yellow" : VERDICT_STYLE[row.verdict];
  return [
    `${paint("bold", id)}${gap}  ${paint(style, words)}`,
    ...indented(wrap(row.text, width - INDENT)),
    ...indented(wrapFacts(row.figures, width - INDENT)),
    ...indented(row.lack === "" ? [] : wrap(row.lack, width - INDENT)),
    ...indented(
      row.instead === "" ? [] : wrap(say("colon", { mark: say("instead"), text: row.instead }), width - INDENT, INDENT),
    ),
    ...indented(
      row.warnings === 0
        ? []
        : [paint("yellow", say("see-its-report", { warnings: counted("warning", row.warnings) }))],
    ),
  ];
}

function indented(lines: readonly string[]): string[] {
  return lines.map((line) => " ".repeat(INDENT) + line);
}

function hint(scenario: string, width: number, paint: Paint): string[] {
  return [say("what-one-means", { scenario }), say("one-as-a-whole", { scenario })].flatMap((text) =>
    wrap(text, width, INDENT).map((line) => paint("dim", line)),
  );
}
