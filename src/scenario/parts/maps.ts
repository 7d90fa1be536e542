/** Fields as written: plain data out of a file, in maps within maps. */
export type FieldMap = Record<string, unknown>;

/** Maps that are one value: their fields exclude each other. */
const INDIVISIBLE = new Set(["ready"]);

export function isMap(value: unknown): value is FieldMap {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The fields of `own` win, map by map. */
export function mergeMaps(above: FieldMap, own: FieldMap): FieldMap {
  const merged = { ...above };
  for (const [name, value] of Object.entries(own)) {
    const before = merged[name];
    merged[name] = isMap(before) && isMap(value) && !INDIVISIBLE.has(name) ? mergeMaps(before, value) : value;
  }
  return merged;
}
