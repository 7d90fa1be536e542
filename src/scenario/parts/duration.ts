/** Durations as people write them. Inside the program every duration is a whole number of milliseconds. */

const MS_OF_UNIT = { ms: 1, s: 1000, m: 60_000 } as const;
type Unit = keyof typeof MS_OF_UNIT;

/** Also the pattern of the published JSON Schema, so that an editor checks what we check. */
export const DURATION_PATTERN = /^(\d+(?:\.\d+)?) ?(ms|s|m)$/;

/** A duration, or the least and the longest. */
export const DURATION_OR_RANGE_PATTERN = /^\d+(?:\.\d+)? ?(?:ms|s|m)(?: ?- ?\d+(?:\.\d+)? ?(?:ms|s|m))?$/;

/** Beyond a day somebody has confused the units; timers of Node end at 24.8 days. */
export const LONGEST_MS = 24 * 60 * MS_OF_UNIT.m;

/** Milliseconds, rounded to whole ones; null when the text is no duration. */
export function parseDuration(text: string): number | null {
  const match = DURATION_PATTERN.exec(text);
  return match === null ? null : Math.round(Number(match[1]) * MS_OF_UNIT[match[2] as Unit]);
}

/** Milliseconds of a duration that the schema has let pass. */
export function milliseconds(text: string): number {
  const ms = parseDuration(text);
  if (ms === null) throw new Error(`the schema let \`${text}\` pass as a duration`);
  return ms;
}

/** The shortest way to write whole milliseconds so that parseDuration() reads the same again: `90s`, `1500ms`, `2m`. */
export function formatDuration(ms: number): string {
  if (ms > 0 && ms % MS_OF_UNIT.m === 0) return `${ms / MS_OF_UNIT.m}m`;
  if (ms > 0 && ms % MS_OF_UNIT.s === 0) return `${ms / MS_OF_UNIT.s}s`;
  return `${ms}ms`;
}

/** `1s-3s`, or `1s` for both; null when the text is neither. */
export function parseDurationRange(text: string): { from: number; to: number } | null {
  const [from, to = from] = text.split("-").map((part) => parseDuration(part.trim()));
  return from === null || from === undefined || to === null || to === undefined ? null : { from, to };
}
