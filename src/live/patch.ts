/** What JSON can say. */
export type Plain = null | boolean | number | string | readonly Plain[] | { readonly [key: string]: Plain | undefined };

/**
 * How one state becomes the next: a value that takes the place of another one; or what is put at the end of an array,
 * and what changes below some of its places, or below some fields.
 */
export type Patch =
  | { set: Plain }
  | { more?: readonly Plain[]; at?: { [key: string]: Patch }; gone?: readonly string[] };

/** What turns `from` into `to`; null where they are alike. */
export function patchOf(from: Plain | undefined, to: Plain): Patch | null {
  if (from === to) return null;
  if (isArray(from) && isArray(to)) return patchOfArray(from, to);
  if (isObject(from) && isObject(to)) return patchOfObject(from, to);
  return { set: to };
}

/** @returns what `from` becomes; what can be kept of it is changed in its place */
export function patched(from: Plain | undefined, patch: Patch): Plain {
  if ("set" in patch) return patch.set;
  const { more = [], at = {}, gone = [] } = patch;
  if (isArray(from)) {
    const array = from as Plain[];
    for (const [index, one] of Object.entries(at)) array[Number(index)] = patched(array[Number(index)], one);
    for (const one of more) array.push(one);
    return array;
  }
  const object = from as Record<string, Plain>;
  for (const key of gone) delete object[key];
  for (const [key, one] of Object.entries(at)) {
    // A field may be called `__proto__`, and to assign that makes none.
    const value = patched(Object.hasOwn(object, key) ? object[key] : undefined, one);
    Object.defineProperty(object, key, { value, enumerable: true, configurable: true, writable: true });
  }
  return object;
}

function patchOfArray(from: readonly Plain[], to: readonly Plain[]): Patch | null {
  if (to.length < from.length) return { set: to };
  const at: [string, Patch][] = [];
  // Of a line of figures next to all is as it was.
  for (let index = 0; index < from.length; index++) {
    const before = from[index]!;
    if (before === to[index]) continue;
    const change = patchOf(before, to[index]!);
    if (change === null) continue;
    // A line of figures that was thinned is another one.
    if ("set" in change && typeof before === "number") return { set: to };
    at.push([String(index), change]);
  }
  return smallest(at, to.slice(from.length), []);
}

function patchOfObject(
  from: { readonly [key: string]: Plain | undefined },
  to: { readonly [key: string]: Plain | undefined },
): Patch | null {
  const at: [string, Patch][] = [];
  for (const [key, value] of Object.entries(to)) {
    if (value === undefined) continue;
    const change = Object.hasOwn(from, key) ? patchOf(from[key], value) : { set: value };
    if (change !== null) at.push([key, change]);
  }
  const gone = Object.keys(from).filter((key) => !Object.hasOwn(to, key) || to[key] === undefined);
  return smallest(at, [], gone);
}

function smallest(
  at: readonly (readonly [string, Patch])[],
  more: readonly Plain[],
  gone: readonly string[],
): Patch | null {
  const patch = {
    ...(more.length > 0 ? { more } : {}),
    ...(at.length > 0 ? { at: Object.fromEntries(at) } : {}),
    ...(gone.length > 0 ? { gone } : {}),
  };
  return Object.keys(patch).length === 0 ? null : patch;
}

function isObject(value: Plain | undefined): value is { readonly [key: string]: Plain | undefined } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isArray(value: Plain | undefined): value is readonly Plain[] {
  return Array.isArray(value);
}
