import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseGate } from "../../../src/scenario/expect/gate.js";
import { parseGates } from "../../../src/scenario/gates-file.js";
import { errorOf, parse } from "../parsing.js";

const VARIANTS = ["close", "keep-alive", "requests"];

describe("a gate", () => {
  it.each([
    ["connections.requestsPer >= 0.9 * base", null, "connections.requestsPer", { kind: "base", op: ">=", factor: 0.9 }],
    ["timeWait.client.created<=base", null, "timeWait.client.created", { kind: "base", op: "<=", factor: 1 }],
    ["latencyUs.p99 <= base * 1.2", null, "latencyUs.p99", { kind: "base", op: "<=", factor: 1.2 }],
    ["latencyUs.p99 not worse", null, "latencyUs.p99", { kind: "not-worse" }],
    ["errors.ECONNRESET == 0", null, "errors.ECONNRESET", { kind: "number", op: "==", value: 0 }],
    ["errors.ECONNRESET not worse", null, "errors.ECONNRESET", { kind: "not-worse" }],
    [
      "keep-alive.connections.perRequest < 0.01",
      "keep-alive",
      "connections.perRequest",
      { kind: "number", op: "<", value: 0.01 },
    ],
    ["close.errors.EPIPE == 0", "close", "errors.EPIPE", { kind: "number", op: "==", value: 0 }],
    // A variant may be called as a metric begins: the metric counts.
    ["requests.perSec > 5", null, "requests.perSec", { kind: "number", op: ">", value: 5 }],
    ["requests.requests.perSec > 5", "requests", "requests.perSec", { kind: "number", op: ">", value: 5 }],
  ])("is read: %s", (text, variant, metric, right) => {
    expect(parseGate(text, VARIANTS)).toEqual({ ok: true, gate: { text, variant, metric, right } });
  });

  it.each([
    [
      "conections.requestsPer >= base",
      0,
      /no metric `conections\.requestsPer`/u,
      /did you mean `connections\.requestsPer`/u,
    ],
    ["closeCauses.anwser == 0", 0, /no metric `closeCauses\.anwser`/u, /did you mean `closeCauses\.answer`/u],
    ["close.latencyUs.p98 >= base", 6, /no metric `latencyUs\.p98`/u, /latencyUs\.p9/u],
    ["clos.latencyUs.p99 >= base", 0, /no variant `clos`/u, /did you mean `close`/u],
    ["latencyUs.p90 not worse", 0, /`latencyUs\.p90` is not judged/u, /latencyUs\.p/u],
    ["latencyUs.p99 => base", 14, /`=>` is no comparison/u, />=/u],
    ["latencyUs.p99", 13, /comparison is missing/u, /the form is/u],
    ["latencyUs.p99 <=", 16, /nothing to compare with/u, /the form is/u],
    ["<= base", 0, /nothing stands before/u, /the form is/u],
    ["latencyUs.p99 <= bsae", 17, /`bsae` is neither/u, /0\.9 \* base/u],
    ["latencyUs.p99 <= x * base", 17, /neither/u, /base/u],
    ["latencyUs.p99 <= 1e999 * base", 17, /neither/u, /base/u],
    ["latencyUs.p99 of it <= base", 0, /not one word/u, /the form is/u],
    [" not worse", 0, /the metric is missing/u, /the form is/u],
  ])("is refused at its place: %s", (text, offset, message, hint) => {
    const parsed = parseGate(text, VARIANTS);
    expect(parsed).toMatchObject({
      ok: false,
      faults: [{ offset, message: expect.stringMatching(message), hint: expect.stringMatching(hint) }],
    });
  });

  it("takes any variant where none are known", () => {
    expect(parseGate("x.latencyUs.p99 <= base", null)).toMatchObject({ ok: true, gate: { variant: "x" } });
  });

  it("is read or refused with a place in it, whatever it is", () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string(), fc.string({ unit: fc.constantFrom(..."latencyUs.p99 <=*base0not worse".split("")) })),
        (text) => {
          const parsed = parseGate(text, VARIANTS);
          if (parsed.ok) expect(parsed.gate.text).toBe(text.trim());
          else for (const { offset } of parsed.faults) expect(offset).toBeLessThanOrEqual(text.length);
        },
      ),
    );
  });
});

describe("gates in a scenario", () => {
  it("are part of it", () => {
    const { gates } = parse("title: t\nvariants: { a: {} }\ngates: [latencyUs.p99 not worse, a.errors.EPIPE == 0]\n");
    expect(gates.map(({ text }) => text)).toEqual(["latencyUs.p99 not worse", "a.errors.EPIPE == 0"]);
  });

  it("are refused with line and column", () => {
    const { faults } = errorOf(
      "title: t\nvariants: { a: {} }\ngates:\n  - latencyUs.p99 not worse\n  - b.latencyUs.p99 <= base\n",
    );
    expect(faults).toMatchObject([{ line: 5, col: 5 }]);
  });
});

describe("gates in a file", () => {
  it("are a list, or a map with the list", () => {
    for (const text of [
      "- latencyUs.p99 not worse\n",
      "gates:\n  - latencyUs.p99 not worse\n",
      "[latencyUs.p99 not worse]",
    ])
      expect(parseGates(text, "g.yaml", VARIANTS)).toHaveLength(1);
  });

  it("are refused all at once, each at its place", () => {
    const text = "- latencyUs.p99 not worse\n- latencyUs.p98 <= base\n- 7\n- 'x y <= base'\n";
    expect(() => parseGates(text, "g.yaml", VARIANTS)).toThrow(
      expect.objectContaining({
        code: "bad-gate",
        exitCode: 2,
        message: expect.stringMatching(/has 3 mistakes:\ng\.yaml:2:3: [^]*g\.yaml:3:3: [^]*g\.yaml:4:4: /u),
      }),
    );
  });

  it.each(["", "title: x", "[]", "7", "- [a", "gates: x", "- *a", "\u0000"])(
    "are refused when there are none: %j",
    (text) => {
      expect(() => parseGates(text, "g.yaml", VARIANTS)).toThrow(expect.objectContaining({ code: "bad-gate" }));
    },
  );
});
