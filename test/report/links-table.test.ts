import { expect, test } from "vitest";
import type { Links } from "../../src/metrics/table.js";
import { render } from "../../src/report/render.js";
import type { RunResult } from "../../src/result/types.js";
import { displayWidth } from "../../src/text/width.js";
import { measured, result, trial, variantOf } from "./fixture.js";

const NO_TIME_WAIT = { created: 0, peak: 0, end: 0 };
const OWN = {
  port: 8080,
  opened: 20,
  perRequest: 0.029,
  timeWait: { from: { created: 20, peak: 20, end: 20 }, to: NO_TIME_WAIT },
  closedFirst: { from: 1, to: 0, reset: 0 },
  ports: { used: 20, limit: 28_232 },
  exact: true,
};
const BACKEND = {
  port: 6379,
  opened: 700,
  perRequest: 1,
  timeWait: { from: { created: 100, peak: 100, end: 100 }, to: null },
  closedFirst: { from: 0, to: 0.9, reset: 0.1 },
  ports: { used: 100, limit: 100 },
  exact: false,
};

function run(links: Links): RunResult {
  return result([[variantOf("only"), measured({ ...trial(), links })]]);
}

const several = run({ client: { server: OWN }, server: { "server:6379": BACKEND } });
const at = (width: number): string => render([several], "terminal", { width, color: false });

test("shows each link: whose connections, how many, who closed, which ports; ≈ where it was shared out", () => {
  const lines = at(100)
    .split("\n")
    .map((line) => line.split(/ {2,}/u));
  expect(lines).toContainEqual(["only", "opened", "per request", "TIME_WAIT", "closed first", "ports"]);
  expect(lines).toContainEqual(["client → server:8080", "20", "0.029", "20 / 0", "client 100 %", "20 of 28,232"]);
  const backend = ["server → server:6379", "≈700", "≈1.00", "≈100 / –", "server:6379 ≈90 %", "100 of 100"];
  expect(lines).toContainEqual(backend);
  expect(render([several], "markdown", { width: 0, color: false })).toContain(
    "| server → server:6379 | ≈700 | ≈1.00 | ≈100 / – | server:6379 ≈90 % | 100 of 100 |",
  );
});

test("where there is little room, columns go, and the ports stay", () => {
  for (const width of [40, 60, 80, 100, 120])
    expect(
      at(width)
        .split("\n")
        .filter((line) => displayWidth(line) > width),
    ).toEqual([]);
  expect(at(60)).toMatch(/server → server:6379 .* 100 of 100\n/u);
  expect(at(60)).not.toContain("closed first  ");
});

test("the load's own link alone needs no table", () => {
  const alone = run({ client: { server: OWN } });
  for (const format of ["terminal", "markdown"] as const)
    expect(render([alone], format, { width: 100, color: false })).not.toContain("client → server");
});

test("problems stand before the table of figures", () => {
  const failed = several;
  const finding = {
    code: "requests-failed" as const,
    severity: "problem" as const,
    variant: "only",
    step: null,
    link: null,
    figures: { failed: 1, sent: 2, kinds: {} },
    trials: { found: 1, of: 3 },
    text: "1 of 2 requests failed",
    remedy: "ask again",
    source: null,
  };
  const text = render([{ ...failed, findings: [finding] }], "terminal", { width: 100, color: false });
  const told = "problem: 1 of 2 requests failed (1 of 3 trials). To mend it: ask again";
  expect(text).toContain(told);
  expect(text.indexOf(told)).toBeLessThan(text.indexOf("Requests per second"));
});
