/** A sentence that was made of a catalogue's text: which, and with what. */
export interface Recognized {
  key: string;
  values: Record<string, string>;
}

/** Knows sentences of a catalogue again: those without any value first, so that none is taken for a value. */
export function recognizer(texts: Readonly<Record<string, string>>): (sentence: string) => Recognized | null {
  const patterns = Object.entries(texts)
    .map(([key, text]) => ({ key, text, pattern: patternOf(text) }))
    .toSorted((a, b) => Number(a.text.includes("{")) - Number(b.text.includes("{")));
  return (sentence) => {
    for (const { key, pattern } of patterns) {
      const found = pattern.exec(sentence);
      if (found !== null) return { key, values: { ...found.groups } };
    }
    return null;
  };
}

function patternOf(text: string): RegExp {
  const parts = text.split(/\{(\w+)\}/u);
  const literal = (part: string): string => part.replaceAll(/[()+.]/gu, String.raw`\$&`);
  // What a program has printed stands at the end, or nothing.
  const value = (name: string): string => (name === "rest" ? "(?<rest>.*)" : `(?<${name}>.+?)`);
  return new RegExp(`^${parts.map((part, at) => (at % 2 === 0 ? literal(part) : value(part))).join("")}$`, "su");
}
