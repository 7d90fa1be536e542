import { describe, expect, test } from "vitest";
import { parseNoFinding } from "../../../src/scenario/expect/no-finding.js";
import { judge } from "../../../src/result/expectations.js";
import { findingsOf } from "../../../src/findings/findings.js";
import { measured, result, trial, variantOf } from "../../report/fixture.js";

const VARIANTS = ["close", "keep-alive"];

function texts(text: string, variants: string[] | null = VARIANTS): string[] {
  const parsed = parseNoFinding(text, variants);
  if (parsed?.ok !== true) throw new Error(`${text} is not understood`);
  return parsed.expectations.map((one) => one.text);
}

describe("no <code>", () => {
  test("is one expectation for each variant, or for the one that is named", () => {
    expect(texts("no ports-exhausted")).toEqual(["close no ports-exhausted", "keep-alive no ports-exhausted"]);
    expect(texts("  keep-alive  no   ports-exhausted ")).toEqual(["keep-alive no ports-exhausted"]);
    expect(texts("no requests-failed", ["only"])).toEqual(["no requests-failed"]);
  });

  test("is read again as it is written out", () => {
    for (const text of texts("no resets")) expect(texts(text)).toEqual([text]);
  });

  test("points at a code that there is not, and at a variant", () => {
    expect(parseNoFinding("close no port-exhausted", VARIANTS)).toEqual({
      ok: false,
      fault: {
        offset: 9,
        message: "there is no finding `port-exhausted`",
        hint: expect.stringContaining("ports-exhausted") as string,
      },
    });
    expect(parseNoFinding(" cloes no resets", VARIANTS)).toMatchObject({
      ok: false,
      fault: { offset: 1, message: "there is no variant `cloes`" },
    });
  });

  test.each(["close.requests.failed == 0", "no", "", "close.requests.perSec > no", "no resets > 0"])(
    "leaves %j to others",
    (text) => {
      expect(parseNoFinding(text, VARIANTS)).toBeNull();
    },
  );
});

test("holds where nothing of the code was found in the variant, and says how many were", () => {
  const run = result([
    [variantOf("close"), measured(trial({ errors: { ECONNRESET: 3 } }))],
    [variantOf("keep-alive"), measured(trial())],
  ]);
  const parsed = parseNoFinding("no requests-failed", VARIANTS);
  const outcomes = judge(parsed?.ok === true ? parsed.expectations : [], run.variants, findingsOf(run));
  expect(outcomes).toMatchObject([
    { text: "close no requests-failed", holds: false, measured: 1, against: 0 },
    { text: "keep-alive no requests-failed", holds: true, measured: 0, against: 0 },
  ]);
});
