import { closest, distance } from "fastest-levenshtein";

const MOST_LISTED = 10;

/** The name that was probably meant, of those there are; null when none is near. Letter case does not count. */
export function nearest(word: string, names: readonly string[]): string | null {
  if (word === "" || word.length > 100 || names.length === 0) return null;
  const lower = word.toLowerCase();
  const tail = names.filter((name) => name.toLowerCase().endsWith(`.${lower}`));
  const depth = (name: string): number => name.split(".").length;
  const outermost = tail.filter((name) => depth(name) === Math.min(...tail.map(depth)));
  if (outermost.length === 1) return outermost[0] ?? null;
  const best = closest(
    lower,
    names.map((name) => name.toLowerCase()),
  );
  const slips = Math.max(1, Math.floor(word.length / 3));
  return distance(lower, best) > slips ? null : (names.find((name) => name.toLowerCase() === best) ?? null);
}

/** What to say beside an unknown name: the one that was meant, or those that there are. */
export function didYouMean(word: string, names: readonly string[]): string {
  const near = nearest(word, names);
  if (near !== null) return `did you mean \`${near}\`?`;
  if (names.length > MOST_LISTED) return `there are ${listing(names)}`;
  return `there ${names.length === 1 ? "is" : "are"} only ${listing(names)}`;
}

/** `a`, `b` and `c`; of a long list only the beginning. */
export function listing(names: readonly string[], joint = "and"): string {
  const quoted = names.slice(0, MOST_LISTED).map((name) => `\`${name}\``);
  if (names.length > MOST_LISTED) return `${quoted.join(", ")} and ${names.length - MOST_LISTED} more`;
  return [quoted.slice(0, -1).join(", "), ...quoted.slice(-1)].filter((part) => part !== "").join(` ${joint} `);
}
