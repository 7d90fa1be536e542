import { isMap, parseDocument, visit, type Document, type Node, type YAMLError, type YAMLWarning } from "yaml";
import type { FaultText, Mistake } from "./faults.js";

/** A stretch of a text, in offsets; `to` is behind its last character. */
export interface Span {
  from: number;
  to: number;
}

type YamlError = YAMLError | YAMLWarning;

export interface YamlText {
  root: Node | null;
  mistakes: Mistake[];
  /**
   * Whether the parser understood this stretch of the text. After a mistake in the syntax it reads on with a guess, and
   * what it finds there may not be what stands there; the next field at the left margin is certain again.
   */
  trusts(span: Span): boolean;
  /** Whether there is no mistake in the whole top-level field around this offset; without one: in the whole text. */
  trustsField(offset?: number): boolean;
}

/** A file with more than this is no YAML, and nobody reads on. */
const MOST_MISTAKES = 100;

/** How the library begins to say it. */
const UNCLOSED_BRACKET = "Flow ";

/** In words of ours, where the library's speak of its own grammar; found by its code or how its message begins. */
const SENTENCES: readonly (readonly [string, FaultText])[] = [
  ["TAB_AS_INDENT", { message: "a tab cannot indent in YAML", hint: "use spaces" }],
  ["MULTIPLE_DOCS", { message: "a second document begins here", hint: "a file holds one scenario: remove the `---`" }],
  ["NON_STRING_KEY", { message: "a field's name must be plain text" }],
  ["RESOURCE_EXHAUSTION", { message: "this is nested too deeply", hint: "a scenario is at most five levels deep" }],
  ["TAG_RESOLVE_FAILED", { message: "tags (`!name`) have no meaning here", hint: "remove the tag" }],
  [
    "BLOCK_AS_IMPLICIT_KEY",
    { message: "a second field begins in the same line", hint: "quote text that holds a colon" },
  ],
  [
    "MULTILINE_IMPLICIT_KEY",
    { message: "this line has no `name: value`", hint: "a colon or the right indent is missing" },
  ],
  ["Implicit map keys need", { message: "this line has no `name: value`", hint: "a colon is missing" }],
  ["Missing closing", { message: "this quote is never closed" }],
  [UNCLOSED_BRACKET, { message: "a bracket opened above is not closed before this line" }],
  ["All mapping items", { message: "the fields of a map must begin in the same column" }],
];

/** Never throws. Keys are not compared here: the library's own comparison takes time by the square of their number. */
export function readYaml(text: string): YamlText {
  const document = parseDocument(text, {
    prettyErrors: false,
    stringKeys: true,
    uniqueKeys: false,
    resolveKnownTags: false,
  });
  const bottomless = document.errors.find((error) => error.code === "RESOURCE_EXHAUSTION");
  const all = bottomless === undefined ? [...document.errors, ...document.warnings] : [bottomless];
  const errors = all.toSorted((a, b) => a.pos[0] - b.pos[0]).slice(0, MOST_MISTAKES);
  const broken = brokenFields(errors, text, document);
  const around = (offset: number) => broken.find(({ from, to }) => from <= offset && offset < to);
  return {
    root: bottomless === undefined ? document.contents : null,
    mistakes: errors.map((error) => mistake(error, document, text)),
    trusts: ({ from, to }) => {
      const error = around(from)?.error;
      return error === undefined || (to < error && text.slice(from, error).includes("\n"));
    },
    trustsField: (offset) => (offset === undefined ? broken.length === 0 : around(offset) === undefined),
  };
}

/** The stretches of the fields at the top that hold a mistake, with the offset of the first one in it. */
function brokenFields(
  errors: readonly YamlError[],
  text: string,
  { contents }: Document,
): (Span & { error: number })[] {
  const keys = isMap<Node>(contents) ? contents.items.map((pair) => pair.key.range?.[0] ?? 0) : [];
  const starts = keys.filter((offset) => offset === 0 || text[offset - 1] === "\n");
  const fields = new Map<number, Span & { error: number }>();
  for (const [index, { pos, message }] of errors.entries()) {
    // An open bracket is noticed where the next field begins, and belongs to the one before.
    const error = message.startsWith(UNCLOSED_BRACKET) ? pos[0] - 1 : pos[0];
    const from = starts.findLast((start) => start <= error) ?? 0;
    const isLast = index === MOST_MISTAKES - 1;
    const to = isLast ? Infinity : (starts.find((start) => start > error) ?? Infinity);
    fields.set(from, { from, to, error: fields.get(from)?.error ?? error });
  }
  return [...fields.values()];
}

function mistake(error: YamlError, document: Document, text: string): Mistake {
  const ours = SENTENCES.find(([start]) => error.code === start || error.message.startsWith(start));
  const said = ours === undefined ? { message: firstLower(error.message) } : ours[1];
  return { offset: openingQuote(error, document, text) ?? error.pos[0], ...said };
}

/** A quote that is never closed is noticed at the end of the file; the place to mend it is where it was opened. */
function openingQuote(error: YamlError, document: Document, text: string): number | null {
  if (!error.message.startsWith("Missing closing ")) return null;
  let opened: number | null = null;
  visit(document, {
    Scalar(_key, { range }) {
      if (range && range[0] < error.pos[0] && /["']/.test(text.charAt(range[0]))) opened = range[0];
    },
  });
  return opened;
}

function firstLower(message: string): string {
  return message.charAt(0).toLowerCase() + message.slice(1);
}
