import fc from "fast-check";
import { expect, test } from "vitest";
import { patched, patchOf, type Plain } from "../../src/live/patch.js";

const copy = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T;

const plain = fc.jsonValue({ maxDepth: 4 }).map((value) => copy(value) as Plain);

test("what a patch turns one state into is the other one, for any two", () => {
  const nearly = fc
    .tuple(plain, plain, fc.array(fc.integer()), fc.array(fc.integer()))
    .map(([a, b, line, more]): [Plain, Plain] => [
      { a, line, list: [a, { line }] },
      { a: b, line: [...line, ...more], list: [a, { line: [...line, ...more] }, b] },
    ]);
  fc.assert(
    fc.property(fc.oneof(fc.tuple(plain, plain), nearly), ([from, to]) => {
      const patch = patchOf(from, to);
      if (patch === null) expect(from).toEqual(to);
      else expect(patched(copy(from), copy(patch))).toEqual(to);
      expect(patchOf(to, copy(to))).toBeNull();
    }),
    { numRuns: 200 },
  );
});

test("a line that grew is sent as what came, and one that was thinned as a whole", () => {
  expect(patchOf({ y: [1, 2], n: 2 }, { y: [1, 2, 3], n: 3 })).toEqual({ at: { y: { more: [3] }, n: { set: 3 } } });
  expect(patchOf({ y: [1, 2, 3] }, { y: [1, 3, 4] })).toEqual({ at: { y: { set: [1, 3, 4] } } });
});

test("a field may be called as what objects inherit from", () => {
  const named = (value: number): Plain =>
    JSON.parse(`{"__proto__":${value},"constructor":{"__proto__":${value}}}`) as Plain;
  for (const [from, to] of [
    [{}, named(1)],
    [named(1), named(2)],
    [named(1), {}],
  ] as const) {
    const patch = patchOf(from, to)!;
    expect(JSON.stringify(patched(copy(from), copy(patch)))).toBe(JSON.stringify(to));
  }
});
