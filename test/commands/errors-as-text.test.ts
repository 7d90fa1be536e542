import fc from "fast-check";
import { expect, test } from "vitest";
import { errorAsText } from "../../src/commands/errors-as-text.js";
import { BenchError, forUsers } from "../../src/errors.js";

test("what is wrong, then what to do; lines and indents stay", () => {
  const error = new BenchError("bad-scenario", "x has a mistake:\n    a: 1\n    ^", "Do this.\nOr that.");
  expect(errorAsText(error, false)).toBe("error: x has a mistake:\n    a: 1\n    ^\nhint: Do this.\n      Or that.\n");
});

test("nothing of a server's last words reaches a terminal as a command, and no line is endless", () => {
  const words = fc.array(fc.oneof(fc.string({ unit: "binary" }), fc.constantFrom("\u001B[2J", "\u202E", "\u009B1A")));
  fc.assert(
    fc.property(words, (said) => {
      const text = errorAsText(new BenchError("server-died", said.join(""), said.join("")), false);
      expect(text).not.toMatch(/(?!\n)[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u);
    }),
  );
  expect(errorAsText(new BenchError("server-died", "x".repeat(400_000), ""), false).length).toBeLessThan(2_100);
});

test("what a machine or its limits refuse is no bug; all else is", () => {
  const system = (code: string): Error => Object.assign(new Error(code), { code });
  expect(forUsers(system("EMFILE"))).toMatchObject({ code: "open-files-limit", exitCode: 3 });
  expect(forUsers(system("ENOSPC"))).toMatchObject({ code: "out-of-resources", exitCode: 3 });
  for (const bug of [system("toString"), new RangeError("x"), null, "text"]) expect(forUsers(bug)).toBeNull();
});
