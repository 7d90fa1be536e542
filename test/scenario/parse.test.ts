import fc from "fast-check";
import { expect, test } from "vitest";
import { EXIT } from "../../src/errors.js";
import { ScenarioError } from "../../src/scenario/source/faults.js";
import { errorOf, parse, places, withLines } from "./parsing.js";

const FIVE_MISTAKES = `title: Five mistakes
server:
  kind: nod
load:
  conections: 50
  duration: 10
variants:
  close: { load: { connection: close, requestsPerConnection: 4 } }
expect:
  - close.timeWait.server.paek > 1000
`;

test("five mistakes give five faults at their places, in one go", () => {
  const error = errorOf(FIVE_MISTAKES);
  expect(places(error.faults)).toEqual(["3:9", "5:3", "6:13", "8:62", "10:11"]);
  expect([error.code, error.exitCode]).toEqual(["bad-scenario", EXIT.usage]);
});

test("each fault is shown with file:line:col, its line and a caret", () => {
  const lines = errorOf(FIVE_MISTAKES).message.split("\n");
  expect(lines.filter((line) => /^x\.yaml:\d+:\d+: /.test(line))).toHaveLength(5);
  const at = lines.findIndex((line) => line.startsWith("x.yaml:5:3: "));
  expect(lines[at]).toContain("did you mean `connections`?");
  expect(lines.slice(at + 1, at + 3)).toEqual(["      conections: 50", "      ^"]);
});

test("mistakes of one map do not hide each other", () => {
  const text = withLines("server: { kind: nod, port: 0, readyTimeout: 1, prt: 1 }");
  expect(places(errorOf(text).faults)).toEqual(["3:17", "3:28", "3:45", "3:48"]);
  expect(errorOf("title: t\nvariants:\n  a.b: { load: { x: 1 } }\n").faults).toHaveLength(2);
});

test("a mistake is said once, however many variants meet it", () => {
  const above = "load: { connection: close, requestsPerConnection: 3 }\n";
  expect(places(errorOf(`title: t\n${above}variants: { a: {}, b: {}, c: {} }\n`).faults)).toEqual(["2:51"]);
  const shared = "title: t\nload: &l { path: x }\nvariants: { a: { load: *l }, b: { load: *l } }\n";
  expect(places(errorOf(shared).faults)).toEqual(["2:18"]);
});

test("a mistake of one variant is shown where that variant makes it", () => {
  const text = `title: t
load: { requestsPerConnection: 3 }
variants:
  a: {}
  b: { load: { connection: close } }
`;
  expect(places(errorOf(text).faults)).toEqual(["5:28"]);
});

test("nothing is said that only follows from another mistake", () => {
  const kinds = "server: { kind: cmd, command: x }\nvariants: { a: { server: { command: y } } }\n";
  expect(places(errorOf(`title: t\n${kinds}`).faults)).toEqual(["2:17"]);
  const broken = "title: t\nvariants: 5\nexpect: [a.requests.sent > 1]\n";
  expect(places(errorOf(broken).faults)).toEqual(["2:11"]);
});

test("a caret finds its word in quotes, and stays at the beginning where escapes are between", () => {
  const text = withLines('expect: ["b.requests.sent > 1", "a.x\\u002e > 1"]');
  expect(places(errorOf(text).faults)).toEqual(["3:11", "3:33"]);
});

test.each([
  ["title: [t\nvariants: { a: {} }\nexpect: [b.requests.sent > 1]\n", ["2:1", "3:10"]],
  ["title: t\nload:\n\tpath: x\nvariants: { a: {} }\n", ["3:1"]],
  ["title: it's\nload:\n  pth: x\n  path: '/x\nvariants: { a: {} }\n", ["3:3", "4:9"]],
  ["title: a: b\nload:\n  connections 5\n  path: x\nvariants: { a: {} }\n", ["1:8", "3:3"]],
  ["title: t\nvariants: { a: {} }\n---\ntitle: u\n", ["3:1"]],
  ["title: t\nvariants:\n  a: {}\n  a: {}\n", ["4:3"]],
  ["title: !tag t\nvariants: { a: {} }\n", ["1:8"]],
  ["title: *t\nvariants: { a: {} }\n", ["1:8"]],
  ["title: t\nvariants: { a: {} }\nload: &l { path: *l }\n", ["3:18"]],
  ["title: t\nvariants: { a: {} }\n? [x]\n: 1\n__proto__: {}\n", ["3:3", "5:1"]],
])("broken YAML is blamed where it breaks, and only that: %j", (text, expected) => {
  expect(places(errorOf(text).faults)).toEqual(expected);
});

test.each(["", "# nothing\n", "hello", "- a\n- b\n", "~", "5"])("%j is no scenario, in one sentence", (text) => {
  expect(places(errorOf(text).faults)).toEqual(["1:1"]);
});

const BOMBS = {
  "aliases that repeat": `a: &a [x, x, x, x, x, x, x, x, x, x]\n${Array.from("bcdefgh", (name, i) => {
    const before = `*${String.fromCodePoint(97 + i)}`;
    return `${name}: &${name} [${Array.from({ length: 10 }, () => before).join(", ")}]\n`;
  }).join("")}`,
  "brackets without end": "[".repeat(20_000),
  "maps in maps": `title: ${"{a: ".repeat(20_000)}`,
  "ten thousand names": Array.from({ length: 10_000 }, (_, i) => `k${i}: 1`).join("\n"),
};

test.each(Object.entries(BOMBS))("a bomb of %s gives a short message", (_name, text) => {
  expect(errorOf(text).message.length).toBeLessThan(10_000);
});

test("only so many faults are shown, and how many more there are", () => {
  const text = withLines(...Array.from({ length: 50 }, (_, i) => `wrong${i}: 1`));
  const error = errorOf(text);
  expect(error.faults).toHaveLength(50);
  expect(error.message.match(/^x\.yaml:/gm)).toHaveLength(20);
  expect(error.message).toMatch(/30 more$/);
});

test("what a file holds never reaches a terminal as a command", () => {
  const { message } = errorOf('title: "\\e[2J"\nvariants: { a: {} }\n"\\e]0;x\\a": 1\n\u001b[1mx: 1\n');
  expect(message.replaceAll("\n", "")).not.toMatch(/\p{Cc}/u);
});

test("any text gives a scenario or a ScenarioError, and every fault lies within the text", () => {
  const word = fc.constantFrom(
    "title",
    "load",
    "variants",
    "a",
    "server",
    ":",
    " ",
    "\n",
    "  ",
    "{",
    "}",
    "[",
    "]",
    "-",
    "&a",
    "*a",
    '"',
    "'",
    "|",
    "\t",
    "!t",
    "---",
    "1",
    "null",
    "expect",
    ">",
    "é",
    "\r\n",
    "? ",
    "kind",
    "close",
  );
  const texts = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.array(word, { maxLength: 40 }).map((words) => words.join("")),
  );
  fc.assert(
    fc.property(texts, (text) => {
      try {
        parse(text);
      } catch (error) {
        if (!(error instanceof ScenarioError)) throw error;
        const lines = text.split("\n");
        for (const fault of error.faults) {
          if ("option" in fault) throw new Error("no option was given", { cause: error });
          expect(lines[fault.line - 1]?.replace(/\r$/, "")).toBe(fault.sourceLine.replace(/\r$/, ""));
          expect(fault.col).toBeLessThanOrEqual((lines[fault.line - 1]?.length ?? 0) + 1);
        }
      }
    }),
    { numRuns: 1000 },
  );
});

test("a scenario with anything in the place of any field gives a scenario or a ScenarioError", () => {
  const field = fc.constantFrom("title", "explanation", "lab", "server", "load", "sample", "variants", "expect");
  const inner = fc.constantFrom(
    "kind",
    "url",
    "command",
    "ready",
    "sysctl",
    "client",
    "connection",
    "path",
    "every",
    "a",
    "load",
    "http",
  );
  const { value } = fc.letrec((tie) => ({
    value: fc.oneof(
      { maxDepth: 4 },
      fc.constantFrom("external", "command", "close", "10s", "/", "http://x", "a.b > 1"),
      fc.jsonValue({ maxDepth: 1 }),
      fc.dictionary(inner, tie("value"), { maxKeys: 4 }),
      fc.array(tie("value"), { maxLength: 2 }),
    ),
  }));
  fc.assert(
    fc.property(fc.dictionary(field, value, { maxKeys: 8 }), (data) => {
      try {
        parse(JSON.stringify(data));
      } catch (error) {
        if (!(error instanceof ScenarioError)) throw error;
        expect(error.faults.length).toBeGreaterThan(0);
      }
    }),
    { numRuns: 1000 },
  );
});

test("more variants than anybody would wait for are one mistake, found before any is resolved", () => {
  const names = Array.from({ length: 60_000 }, (_, i) => `  v${i}:`);
  const { faults, message } = errorOf(["title: t", "variants:", ...names, ""].join("\n"));
  expect(places(faults)).toEqual(["2:1"]);
  expect(message).toContain("`variants` holds 60000 variants, more than 64");
});

test.each([
  ["a value", `title: t\nload: { client: ${"x".repeat(400_000)} }\n`],
  ["an expectation", withLines(`expect: ["${"x".repeat(400_000)} > 1"]`)],
  ["an alias", `title: t\nvariants: { a: { load: *${"x".repeat(400_000)} } }\n`],
  ["a key", withLines(`${"x".repeat(400_000)}: 1`)],
])("of %s of 400 KB only what is around the fault is quoted", (_, text) => {
  expect(errorOf(text).message.length).toBeLessThan(2_000);
});
