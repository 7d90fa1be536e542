/** A part of the screen: a number of lines, and what it draws in so many. */
export interface Part {
  /** How many lines it asks for, the least first; each says what it has need of before the parts behind it get more. */
  wants: readonly number[];
  /** At most `rows` lines. */
  draw(rows: number): string[];
}

/**
 * How many lines each part gets of `rows`: first all get the least that they want, those in front first; then all, in the
 * same order, the next that they want; and so on.
 */
export function allot(parts: readonly Pick<Part, "wants">[], rows: number): number[] {
  const given = parts.map(() => 0);
  let left = rows;
  const rounds = Math.max(0, ...parts.map(({ wants }) => wants.length));
  for (let round = 0; round < rounds; round++)
    for (const [at, { wants }] of parts.entries()) {
      const more = Math.min(left, Math.max(0, (wants[round] ?? 0) - given[at]!));
      given[at]! += more;
      left -= more;
    }
  return given;
}
