import type { FaultText } from "./faults.js";

/** A place in a scenario: `["load", "duration"]`. */
export type Path = readonly (string | number)[];

/** Something wrong with a scenario's data, before anyone has looked where in a file or in which option it stands. */
export interface Problem extends FaultText {
  /** The fields that it is about, the most telling first. It is shown at the first that the user wrote. */
  paths: readonly [Path, ...Path[]];
  /** What to point at. */
  at: "key" | "value";
  /** Where in the value, when that is a text. */
  offset?: number;
}

/** undefined where there is nothing. */
export function valueAt(data: unknown, path: Path): unknown {
  let value = data;
  for (const step of path) {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, step)) return undefined;
    value = (value as Record<string | number, unknown>)[step];
  }
  return value;
}

/** Where a field of a variant may stand: in the variant, or above. The variant's own places come first. */
export function eitherPlace(variant: string, ...paths: readonly [Path, ...Path[]]): [Path, ...Path[]] {
  const [first, ...others] = paths;
  const inVariant = (path: Path): Path => ["variants", variant, ...path];
  return [inVariant(first), ...others.map(inVariant), ...paths];
}
