import type { Claim, Premise, VerdictRule } from "../scenario/claim/types.js";
import { verdictWords } from "./claims.js";
import { printableDocument } from "../text/printable.js";
import { wrap } from "../text/wrap.js";

/** A claim for reading: what is said, how it is tested, what to take from it, who says so, and how it is judged. */
export function claimProse(raw: Claim, width: number): string {
  const { text, test, lesson, instead, sources, figures, premises, rules } = printableDocument(raw);
  const blocks = [
    paragraph("The claim", text, width),
    paragraph("How it is tested", test, width),
    paragraph("What to take from it", lesson, width),
    paragraph("What to do instead", instead, width),
    list(
      "What decides",
      figures.map(({ label, variant, metric }) => `${label}: ${variant}.${metric}`),
      width,
    ),
    list("What has to hold before anything can be judged", premises.map(premiseInWords), width),
    list(
      "The verdict, by the first rule that holds",
      [
        ...rules.map(inWords),
        `${verdictWords({ verdict: "not-testable-here" })}, if none of them holds, or what decides was not measured`,
      ],
      width,
    ),
    list("Sources", sources, width),
  ];
  return blocks.filter((block) => block !== "").join("\n");
}

/** `close.x > 1; otherwise: there was too little load.` */
function premiseInWords({ holds, otherwise }: Premise): string {
  return `${holds.map(({ text }) => text).join(" and ")}; otherwise: ${otherwise}`;
}

/** `confirmed, if close.x > 1 and close.y == 0: because of …` */
function inWords({ verdict, when, because }: VerdictRule, position: number): string {
  const conditions = when.map(({ text }) => text).join(" and ");
  const condition = when.length > 0 ? `if ${conditions}` : position === 0 ? "always" : "otherwise";
  return `${verdictWords({ verdict })}, ${condition}: ${because}`;
}

function paragraph(title: string, text: string, width: number): string {
  return text === "" ? "" : `${title}:\n${indented(text, width, "  ")}\n`;
}

function list(title: string, items: readonly string[], width: number): string {
  return items.length === 0 ? "" : `${title}:\n${items.map((item) => indented(item, width, "- ")).join("\n")}\n`;
}

function indented(text: string, width: number, start: string): string {
  return wrap(text, width - start.length)
    .map((line, i) => (i === 0 ? start : "  ") + line)
    .join("\n");
}
