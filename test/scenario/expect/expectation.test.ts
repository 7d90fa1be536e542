import fc from "fast-check";
import { expect, test } from "vitest";
import { parseExpectation, variantsIn } from "../../../src/scenario/expect/expectation.js";
import { METRIC_NAMES } from "../../../src/metrics/names.js";
import { COMPARE_OPS } from "../../../src/scenario/types.js";

const VARIANTS = ["close", "keep-alive", "v2"];

function parsed(text: string) {
  const result = parseExpectation(text, VARIANTS);
  if (!result.ok) throw new Error(result.faults[0].message);
  return result.expectation;
}

/** The word of the text that each fault points at. */
function blamed(text: string, variants: string[] | null = VARIANTS): string[] {
  const result = parseExpectation(text, variants);
  return result.ok
    ? []
    : result.faults.map(
        ({ offset }) => /^[\w-]*|^[<>=!]+/.exec(text.slice(offset))?.[0] || text.slice(offset, offset + 2),
      );
}

test("a metric against a number", () => {
  expect(parsed("close.timeWait.server.peak > 1000")).toEqual({
    text: "close.timeWait.server.peak > 1000",
    variant: "close",
    metric: "timeWait.server.peak",
    op: ">",
    right: { kind: "number", value: 1000 },
  });
});

test("a metric against a share of another", () => {
  const { variant, right } = parsed("keep-alive.timeWait.client.created<=0.1*close.timeWait.server.created");
  expect(variant).toBe("keep-alive");
  expect(right).toEqual({ kind: "metric", factor: 0.1, variant: "close", metric: "timeWait.server.created" });
});

test("a metric against another, without a factor, is a share of 1", () => {
  expect(parsed("v2.requests.perSec > close.requests.perSec").right).toMatchObject({ kind: "metric", factor: 1 });
});

test("who closed first against a name", () => {
  expect(parsed("close.closedFirst == server").right).toEqual({ kind: "name", value: "server" });
});

test.each(["1e3", "-1", "+0.5", ".5", "1."])("%s is a number", (number) => {
  expect(parsed(`close.latencyUs.p99 < ${number}`).right).toEqual({ kind: "number", value: Number(number) });
});

test.each([
  ["clse.requests.sent > 1", ["clse"]],
  ["close.requests.snt > 1", ["requests"]],
  ["close > 1", ["close"]],
  ["close.requests.sent", [""]],
  ["close.requests.sent = 1", ["="]],
  ["close.requests.sent => 1", ["=>"]],
  ["close.requests.sent >", [""]],
  ["> 4", [">"]],
  ["close.requests.sent > many", ["many"]],
  ["close.requests.sent > 1e999", ["1e999"]],
  ["close.closedFirst == nobody", ["nobody"]],
  ["close.closedFirst == 1", ["1"]],
  ["close.closedFirst > server", [">"]],
  ["close.requests.sent == v2.closedFirst", ["closedFirst"]],
  ["close.requests.sent > x * v2.requests.sent", ["x"]],
  ["close.requests.sent > 2 * v3.requests.sent", ["v3"]],
  ["my close.requests.sent > 2", ["my"]],
  ["  clse.nothing.x > 0.1 *   colse.requests.snt", ["clse", "nothing", "colse", "requests"]],
])("%j: the caret goes to %j", (text, words) => {
  const found = blamed(text);
  expect(found.map((word) => word.trim())).toEqual(words);
});

test("a near miss is answered with the right name", () => {
  const result = parseExpectation("close.timewait.server.paek > 1", VARIANTS);
  expect(result).toMatchObject({ ok: false, faults: [{ hint: expect.stringContaining("timeWait.server.peak") }] });
});

test("without a list of variants any name will do", () => {
  expect(blamed("whatever.requests.sent > 1", null)).toEqual([]);
});

test("both sides' variants are named", () => {
  expect(variantsIn(parsed("close.requests.sent > 2 * v2.requests.sent"))).toEqual(["close", "v2"]);
});

test("what is put together by the rules is read as it was meant, however it is spaced", () => {
  const variant = fc.constantFrom(...VARIANTS);
  const metric = fc.constantFrom(...METRIC_NAMES, "errors.ECONNRESET");
  const parts = fc.record({
    variant,
    metric,
    op: fc.constantFrom(...COMPARE_OPS),
    factor: fc.float({ noNaN: true, noDefaultInfinity: true }).map((factor) => factor + 0),
    right: fc.record({ variant, metric }),
    gap: fc.constantFrom("", " ", "  "),
  });
  fc.assert(
    fc.property(parts, ({ variant: name, metric: path, op, factor, right, gap }) => {
      const words = [`${name}.${path}`, op, factor, "*", `${right.variant}.${right.metric}`];
      const found = parsed(`${gap}${words.join(gap)}${gap}`);
      expect(found).toMatchObject({ variant: name, metric: path, op });
      expect(found.right).toEqual({ kind: "metric", factor, ...right });
    }),
  );
});

test("any text gives an expectation or faults that lie within it", () => {
  const texts = fc.oneof(fc.string(), fc.stringMatching(/^[close.vrequstn0-9<>=!* -]*$/));
  fc.assert(
    fc.property(texts, (text) => {
      const result = parseExpectation(text, VARIANTS);
      return result.ok || result.faults.every(({ offset }) => offset >= 0 && offset <= text.length);
    }),
  );
});
