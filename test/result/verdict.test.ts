import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Figure, RunResult } from "../../src/result/types.js";
import { couldNotBeTested, verdictOf } from "../../src/result/verdict.js";
import type { Claim, VerdictRule } from "../../src/scenario/claim/types.js";
import { claimOf, condition, inSteps } from "../report/claim-fixture.js";
import { result } from "../report/fixture.js";

const rule = (verdict: VerdictRule["verdict"], when: string[], because = "so it is"): VerdictRule => ({
  verdict,
  when: when.map(condition),
  because,
});

function judged(figures: Record<string, Figure>, claim: Partial<Claim>, change: Partial<RunResult> = {}): RunResult {
  const run = result([inSteps("v", figures)], change);
  const scenario = { ...run.scenario, claim: claimOf({ figures: [], ...claim }) };
  const of = verdictOf(scenario, run);
  return { ...run, scenario, ...(of === undefined ? {} : { claim: of }) };
}
const verdict = (...args: Parameters<typeof judged>): unknown[] => {
  const { claim } = judged(...args);
  return [claim?.verdict, claim?.reason];
};

describe("the first rule of which everything holds", () => {
  const rules = [
    rule("gone", ["v.set.outcome == absent"]),
    rule("confirmed", ["v.a.x > 5", "v.a.y == 0"]),
    rule("partly", ["v.a.x > 5"]),
    rule("refuted", ["v.a.x <= 5"]),
  ];
  test.each<[Record<string, Figure>, string]>([
    [{ "a.x": 6, "a.y": 0 }, "confirmed"],
    [{ "a.x": 6, "a.y": 1 }, "partly"],
    [{ "a.x": 5, "a.y": 0 }, "refuted"],
    [{ "set.outcome": "absent" }, "gone"],
    [{ "set.outcome": "written", "a.x": 6, "a.y": 0 }, "confirmed"],
  ])("decides: %j is %s", (figures, expected) => {
    expect(verdict(figures, { rules })).toEqual([expected, "so it is"]);
  });

  test("may compare a figure with another, and a setting, which is text, with a number", () => {
    const compare = [rule("confirmed", ["v.b.perSec >= 2 * v.a.perSec", "v.set.after == 1"])];
    expect(verdict({ "a.perSec": 10, "b.perSec": 20, "set.after": "1" }, { rules: compare })[0]).toBe("confirmed");
    expect(verdict({ "a.perSec": 10, "b.perSec": 19, "set.after": "1" }, { rules: compare })[0]).toBe(
      "not-testable-here",
    );
  });
});

describe("what was not measured", () => {
  test("holds of nothing", () => {
    expect(verdict({}, { rules: [rule("confirmed", ["v.a.x >= 0"]), rule("refuted", ["v.a.x < 0"])] })[0]).toBe(
      "not-testable-here",
    );
  });

  test("lets no rule that always holds decide", () => {
    const rules = [rule("confirmed", ["v.a.x > 5"]), rule("refuted", [])];
    expect(verdict({ "a.x": 6 }, { rules })[0]).toBe("confirmed");
    expect(verdict({ "a.x": 5 }, { rules })[0]).toBe("refuted");
    const [missed, why] = verdict({}, { rules });
    expect(missed).toBe("not-testable-here");
    expect(why).toContain("v.a.x");
  });

  test("does no harm where what was measured is enough", () => {
    const rules = [rule("confirmed", ["v.a.x > 5", "v.a.y > 5"]), rule("refuted", [])];
    expect(verdict({ "a.y": 1 }, { rules })[0]).toBe("refuted");
  });

  test("may be what a rule without conditions says itself", () => {
    const rules = [rule("confirmed", ["v.a.x > 5"]), rule("not-testable-here", [], "no such counter")];
    expect(verdict({}, { rules })).toEqual(["not-testable-here", "no such counter"]);
  });
});

test("where no rule fits, the reason shows the figures that decide", () => {
  const figures = [
    { label: "time in close()", variant: "v", metric: "end.tookMs" },
    { label: "errno", variant: "v", metric: "end.errno" },
    { label: "never read", variant: "v", metric: "no.such" },
  ];
  const { claim } = judged({ "end.tookMs": 60_012, "end.errno": "EAGAIN" }, { figures, rules: [] });
  expect(claim).toMatchObject({
    verdict: "not-testable-here",
    fitsNone: true,
    figures: { "time in close()": 60_012, errno: "EAGAIN", "never read": null },
  });
  expect(claim!.reason).toContain("time in close() 60.01 s, errno EAGAIN, never read ?");
});

test("the reason has the figures as people read them", () => {
  const because =
    "{v.a.opened} opened from {v.a.localPort}, {v.a.tookMs}, p99 {v.l.latencyUs.p99}, {v.a.errno}, {v.no.such}";
  const figures = {
    "a.opened": 28_232,
    "a.localPort": 40_000,
    "a.tookMs": 12.34,
    "l.latencyUs.p99": 1520,
    "a.errno": "EPIPE",
  };
  expect(verdict(figures, { rules: [rule("confirmed", [], because)] })[1]).toBe(
    "28,232 opened from 40000, 12.3 ms, p99 1.52 ms, EPIPE, ?",
  );
});

test("braces that name no figure are prose", () => {
  const because = "SO_LINGER {on, 0} and {} and {x} stay, $& too";
  expect(verdict({}, { rules: [rule("confirmed", [], because)] })[1]).toBe(because);
});

test("no sentence and no figure makes it throw, and no placeholder stays", () => {
  const piece = fc.oneof(fc.string(), fc.constantFrom("{", "}", ".", "{v.a.x}", "{v.__proto__.x}", "{constructor.a}"));
  const sentence = fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join(""));
  const figure = fc.oneof(fc.double(), fc.string(), fc.constant(null));
  fc.assert(
    fc.property(sentence, fc.dictionary(fc.string(), figure), figure, (because, others, x) => {
      const [, reason] = verdict({ ...others, "a.x": x }, { rules: [rule("confirmed", [], because)] });
      expect(typeof reason).toBe("string");
      if (typeof x !== "string") expect(reason).not.toContain("{v.a.x}");
    }),
    { numRuns: 300 },
  );
});

describe("a run that was not completed", () => {
  const error = { code: "tool-missing", message: "conntrack is not installed", hint: "Install it." };

  test.each([
    ["tool-missing", "conntrack is not installed"],
    ["no-such-counter", "this kernel has no counter TcpExt:TWRecycled"],
  ])("says what it lacked, and that is no failure: %s", (code, message) => {
    const failed = { status: "failed", error: { ...error, code, message } } as const;
    const run = judged({ "a.x": 9 }, { rules: [rule("confirmed", ["v.a.x > 5"])] }, failed);
    expect([run.claim?.verdict, run.claim?.reason]).toEqual(["not-testable-here", `${message}.`]);
    expect(couldNotBeTested(run)).toBe(true);
  });

  test("is a failure when something broke, or when there was no claim", () => {
    const died = { ...error, code: "server-died" };
    expect(couldNotBeTested(judged({}, {}, { status: "failed", error: died }))).toBe(false);
    expect(couldNotBeTested(result(undefined, { status: "failed", error }))).toBe(false);
  });

  test("has no verdict when it was interrupted", () => {
    expect(judged({ "a.x": 9 }, { rules: [rule("confirmed", [])] }, { status: "interrupted" }).claim).toBeUndefined();
  });
});

test("a scenario without a claim has no verdict", () => {
  const run = result();
  expect(verdictOf(run.scenario, run)).toBeUndefined();
});
