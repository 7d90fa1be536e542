import { expect, test } from "vitest";
import { FAULTS, SERVICES, structuralVerdict } from "../calibrate/structural.js";
import { shareOf } from "../calibrate/trials.js";

// With known truth and fixed seeds; the long run of it is `npm run calibrate`.

const FEW = [20, 30] as const;

test.each(Object.entries(SERVICES))(
  "with 20 to 30 requests a trial, a service is told worse than itself at most once in a hundred times: %s",
  (_name, service) => {
    const told = [2, 3, 6, 9, 10].map((trials) =>
      shareOf(
        200,
        (seed) => structuralVerdict({ base: service, head: service, trials, requests: FEW, seed }) === "worse",
      ),
    );
    expect(told.reduce((sum, share) => sum + share, 0) / told.length).toBeLessThanOrEqual(0.01);
  },
);

test.each([10, 9])(
  "ten connections in every trial are no difference, however few requests they carry: %i pairs",
  (trials) => {
    const base = SERVICES["keeps 10 connections"]!;
    expect(
      shareOf(200, (seed) => structuralVerdict({ base, head: base, trials, requests: FEW, seed }) === "same"),
    ).toBe(1);
  },
);

test.each(Object.entries(FAULTS))(
  "with 20 to 30 requests in each of ten trials a fault is found, and its mending: %s",
  (_name, [base, head]) => {
    const told = (from: typeof base, to: typeof base, verdict: string): number =>
      shareOf(100, (seed) => structuralVerdict({ base: from, head: to, trials: 10, requests: FEW, seed }) === verdict);
    expect(told(base, head, "worse")).toBeGreaterThanOrEqual(0.95);
    expect(told(head, base, "better")).toBeGreaterThanOrEqual(0.95);
  },
);

test("two trials are enough for a connection with each request", () => {
  const [base, head] = FAULTS["opens one for each request"]!;
  expect(shareOf(100, (seed) => structuralVerdict({ base, head, trials: 2, requests: FEW, seed }) === "worse")).toBe(1);
});
