/**
 * The one rule for foreign text: what a server, a result, a scenario or a tool says is printed as it reads, never obeyed. It
 * is used by whatever writes to a terminal, to Markdown, CSV or XML.
 */

/** Longer lines are cut. */
const LONGEST_LINE = 2_000;
const MOST_LINES = 500;
/** For the words that say what was left out. */
const ROOM_FOR_REMARK = 40;

// ECMA-48: CSI sequences; OSC, DCS, SOS, PM and APC strings up to their end; all other escape sequences (ECMA-35).
const ESCAPE_SEQUENCE =
  // oxlint-disable-next-line no-control-regex -- they are what is looked for
  /(?:\u001B\[|\u009B)[0-?]*[ -/]*[@-~]|(?:\u001B[\]PX^_]|[\u0090\u0098\u009D-\u009F])[^\u0007\u001B\u009C]*(?:\u0007|\u001B\\|\u009C)|\u001B[ -/]*[0-Z\\^-~]/gu;
// Cc: control characters. Cf: what is invisible or turns the direction of text (Trojan Source, CVE-2021-42574). Cs: half a
// surrogate pair. Zl, Zp: line breaks that no wrapping would see. DI and NChar: what no terminal shows.
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\p{Noncharacter_Code_Point}]/gu;
/** Parts of an emoji: they join two, or ask for colour. Without them each character still reads. */
const OF_EMOJI = /\u200D|\uFE0E|\uFE0F/gu;
const REPLACEMENT = "\uFFFD";

/** The text without escape sequences such as colours. */
export function withoutEscapes(text: string): string {
  return text.replaceAll(ESCAPE_SEQUENCE, "");
}

/** Each unprintable character, tabs and line breaks among them, becomes one `�`: the length in characters stays. */
export function visible(text: string): string {
  return text.replaceAll(UNPRINTABLE, REPLACEMENT);
}

/** A document of JSON in which each of them is written as `\\u202e`: the same document, and harmless on a terminal. */
export function inJson(json: string): string {
  return json.replaceAll(UNPRINTABLE, (character) =>
    /\s/u.test(character) && character < " " ? character : codes(character),
  );
}

function codes(character: string): string {
  return character
    .split("")
    .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`)
    .join("");
}

/**
 * One line that is safe to print: escape sequences removed, each run of white space one space, every other unprintable
 * character a `�`. A line of more than `longest` UTF-16 units is cut, and says how much of it was left out.
 */
export function printable(text: string, longest = LONGEST_LINE): string {
  return limited(text, longest, (part) =>
    visible(
      withoutEscapes(part)
        .replaceAll(/[\s\u0085]+/gu, " ")
        .trim(),
    ),
  );
}

/** The same for several lines: line breaks and spaces stay, a tab becomes two spaces, and at most 500 lines are kept. */
export function printableLines(text: string, longest = LONGEST_LINE): string[] {
  const lines = withoutEscapes(text).split(/\r?\n/u);
  const kept = lines.length <= MOST_LINES ? lines : lines.slice(0, MOST_LINES);
  const shown = kept.map((line) => limited(line, longest, (part) => visible(part.replaceAll("\t", "  ")).trimEnd()));
  return kept === lines ? shown : [...shown, `… (${lines.length - kept.length} more lines)`];
}

/**
 * A copy, but for arrays of numbers, in which every string, keys included, is one line that is safe to print. What a report draws passes through
 * here once, as a whole, so that no string can be forgotten.
 */
export function printableDocument<T>(value: T): T {
  return anyPrintable(value) as T;
}

/** HdrHistogram V2, compressed, in base64: it is decoded, never printed, and a part of one cannot be read. */
const HISTOGRAM = /^HISTF[A-Za-z0-9+/]+=*$/u;

function anyPrintable(value: unknown): unknown {
  if (typeof value === "string") return HISTOGRAM.test(value) ? value : printable(value);
  if (typeof value !== "object" || value === null) return value;
  // A column of figures may be long, and stays as it is.
  if (Array.isArray(value)) return value.every((one) => typeof one === "number") ? value : value.map(anyPrintable);
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [printable(key), anyPrintable(inner)]));
}

// The codes that bench itself makes: colours, and those that draw over a line or a screen.
const OURS =
  // oxlint-disable-next-line no-control-regex -- they are what is looked for
  /\u001B\[[\d;]*m|\u001B\[(?:H|2?J|2?K)|\r\u001B\[2K|\r?\n|\t/u;
// Not what is merely invisible, such as the parts of an emoji.
const OURS_OR_OBEYED = new RegExp(String.raw`(${OURS.source})|[\p{Cc}\p{Bidi_Control}\p{Cs}\p{Zl}\p{Zp}]`, "gu");

/** The last guard, on all that is written to a stream: what no code of ours has made becomes `�`. */
export function guarded(text: string): string {
  return text.replaceAll(OURS_OR_OBEYED, (_, ours?: string) => ours ?? REPLACEMENT);
}

// oxlint-disable-next-line no-control-regex -- they are what is looked for
const COLORS_OR_OBEYED = /(\u001B\[[\d;]*m)|[\p{Cc}\p{Bidi_Control}\p{Cs}\p{Zl}\p{Zp}]/gu;

/** The same for one line of a screen, which holds colours and nothing else that is obeyed. */
export function guardedLine(line: string): string {
  return line.replaceAll(COLORS_OR_OBEYED, (_, color?: string) => color ?? REPLACEMENT);
}

function limited(text: string, longest: number, clean: (text: string) => string): string {
  // What is far too long is not even read as a whole; most of a text may be escape sequences.
  const read = text.length > longest * 8 ? text.slice(0, longest * 8) : text;
  const cleaned = clean(read.replaceAll(OF_EMOJI, ""));
  if (read === text && cleaned.length <= longest) return cleaned;
  const kept = cleaned.slice(0, Math.max(1, longest - ROOM_FOR_REMARK)).replace(/[\uD800-\uDBFF]$/u, "");
  return `${kept}… (${text.length - kept.length} more characters)`;
}
