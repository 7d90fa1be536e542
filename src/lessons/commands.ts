/** What a teacher types, a line at a time. */
export type Typed =
  | { do: "next" | "back" | "again" | "skip" | "hint" | "notes" | "quit" | "help" }
  /** By the choice's number, from 1. */
  | { do: "hands"; hands: readonly { choice: number; hands: number }[] }
  | { do: "unknown"; text: string };

const WORDS: Readonly<Record<string, Exclude<Typed["do"], "hands" | "unknown">>> = {
  "": "next",
  next: "next",
  b: "back",
  back: "back",
  r: "again",
  again: "again",
  s: "skip",
  skip: "skip",
  h: "hint",
  hint: "hint",
  n: "notes",
  notes: "notes",
  q: "quit",
  quit: "quit",
  "?": "help",
  help: "help",
};

/** `3=12`: twelve hands for the third choice; `3`: one guess for it; several with spaces. Full-width digits are digits. */
export function typed(line: string, choices: number): Typed {
  const text = line.normalize("NFKC").trim().toLowerCase();
  const word = Object.hasOwn(WORDS, text) ? WORDS[text] : undefined;
  if (word !== undefined) return { do: word };
  const parts = text.split(/[\s,;]+/u);
  const hands = parts.map((part) => /^(\d{1,2})(?:=(\d{1,6}))?$/u.exec(part));
  if (hands.some((match) => match === null)) return { do: "unknown", text: line };
  const read = hands.map((match) => ({ choice: Number(match![1]), hands: Number(match![2] ?? 1) }));
  const known = read.every(({ choice }) => choice >= 1 && choice <= choices);
  return known ? { do: "hands", hands: read } : { do: "unknown", text: line };
}
