import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Recorder } from "../../../src/client/books/recorder.js";
import { UNFINISHED } from "../../../src/client/http/failure-kind.js";
import { decode } from "../../../src/stats/histogram.js";
import { sum } from "../load.js";

/** A clock that a test moves. */
function handClock(startMs = 5000): { now: () => number; advance: (ms: number) => void } {
  let nowMs = startMs;
  return { now: () => nowMs, advance: (ms) => (nowMs += ms) };
}

type Step = { kind: "sent" | "succeeded" | "wait"; value: number } | { kind: "failed"; value: number; name: string };

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ kind: fc.constant("sent" as const), value: fc.integer({ min: 1, max: 20 }) }),
  fc.record({ kind: fc.constant("succeeded" as const), value: fc.double({ min: 0, max: 1e5, noNaN: true }) }),
  fc.record({
    kind: fc.constant("failed" as const),
    value: fc.integer({ min: 1, max: 5 }),
    name: fc.constantFrom("ECONNRESET", "ETIMEDOUT", "HTTP 503"),
  }),
  fc.record({ kind: fc.constant("wait" as const), value: fc.double({ min: 0, max: 400, noNaN: true }) }),
);

describe("the books", () => {
  test("balance for any interleaving of requests and outcomes", () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
        const clock = handClock();
        const recorder = new Recorder({ durationMs: 1000, requests: null }, clock.now);
        const told = { sent: 0, succeeded: 0, failed: 0 };
        for (const { kind, value, ...rest } of steps) {
          const inFlight = told.sent - told.succeeded - told.failed;
          if (kind === "wait") clock.advance(value);
          else if (kind === "sent") {
            recorder.sent(value);
            told.sent += value;
          } else if (kind === "succeeded" && inFlight > 0) {
            recorder.succeeded(value);
            told.succeeded++;
          } else if (kind === "failed" && inFlight >= value) {
            recorder.failed("name" in rest ? rest.name : "", value);
            told.failed += value;
          }
        }
        const open = told.sent - told.succeeded - told.failed;
        const books = recorder.close();
        expect(books.requests).toEqual({ ...told, failed: told.failed + open });
        expect(sum(books.errors)).toBe(books.requests.failed);
        expect(books.errors[UNFINISHED] ?? 0).toBe(open);
        expect(books.latencyHistogram === null ? 0 : decode(books.latencyHistogram).totalCount).toBe(told.succeeded);
        expect(books.endedAtMs).toBeGreaterThanOrEqual(books.startedAtMs);
      }),
    );
  });

  test("take no outcome without its request", () => {
    const recorder = new Recorder({ durationMs: 1000, requests: null });
    recorder.sent();
    recorder.succeeded(1);
    expect(() => recorder.succeeded(1)).toThrow(/without a request/u);
    expect(() => recorder.failed("ECONNRESET")).toThrow(/without a request/u);
    expect(recorder.close().requests).toEqual({ sent: 1, succeeded: 1, failed: 0 });
  });

  test("of a load that sent nothing are empty", () => {
    const books = new Recorder({ durationMs: 1000, requests: null }).close();
    expect(books).toMatchObject({
      requests: { sent: 0, succeeded: 0, failed: 0 },
      errors: {},
      latencyHistogram: null,
      timeline: { atMs: [], perSec: [], p50Us: [], p99Us: [] },
    });
    expect(books.endedAtMs).toBe(books.startedAtMs);
  });
});

test("is exhausted when as many requests as planned are sent", () => {
  const recorder = new Recorder({ durationMs: 1000, requests: 23 });
  recorder.sent(22);
  expect(recorder.exhausted).toBe(false);
  recorder.sent();
  expect(recorder.exhausted).toBe(true);
  expect(new Recorder({ durationMs: 1000, requests: null }).exhausted).toBe(false);
});

describe("the time", () => {
  test("begins with the first request", () => {
    const clock = handClock(5000);
    const recorder = new Recorder({ durationMs: 1000, requests: null }, clock.now);
    clock.advance(70);
    recorder.sent();
    expect(recorder.close().startedAtMs).toBe(5070);
  });

  test("ends with the last outcome when that comes after the planned end", () => {
    const clock = handClock(0);
    const recorder = new Recorder({ durationMs: 1000, requests: null }, clock.now);
    recorder.sent();
    clock.advance(1200);
    recorder.succeeded(1200);
    clock.advance(300);
    expect(recorder.close().endedAtMs).toBe(1200);
  });

  test("ends as planned when nothing was left to do before", () => {
    const clock = handClock(0);
    const recorder = new Recorder({ durationMs: 1000, requests: null }, clock.now);
    recorder.sent();
    clock.advance(10);
    recorder.failed("ECONNREFUSED");
    clock.advance(1100);
    expect(recorder.close().endedAtMs).toBe(1000);
  });

  test("is not stretched by waiting for what never comes", () => {
    const clock = handClock(0);
    const recorder = new Recorder({ durationMs: 1000, requests: null }, clock.now);
    recorder.sent(3);
    clock.advance(1500);
    recorder.failed(UNFINISHED, 2);
    expect(recorder.close()).toMatchObject({ endedAtMs: 1000, errors: { unfinished: 3 } });
  });

  test("ends with the last outcome when the number of requests ended it", () => {
    const clock = handClock(0);
    const recorder = new Recorder({ durationMs: 1000, requests: 1 }, clock.now);
    recorder.sent();
    clock.advance(40);
    recorder.succeeded(40);
    clock.advance(300);
    expect(recorder.close().endedAtMs).toBe(40);
  });

  test("ends when the load was stopped", () => {
    const clock = handClock(0);
    const recorder = new Recorder({ durationMs: 1000, requests: null }, clock.now);
    recorder.sent();
    clock.advance(40);
    recorder.failed("ECONNREFUSED");
    clock.advance(60);
    recorder.stopped();
    clock.advance(200);
    recorder.stopped();
    expect(recorder.close().endedAtMs).toBe(100);
  });
});

test("progress tells totals, and the rate since it was last asked", () => {
  const clock = handClock(0);
  const recorder = new Recorder({ durationMs: 1000, requests: null }, clock.now);
  expect(recorder.progress(0)).toMatchObject({ elapsedMs: 0, succeeded: 0, failed: 0, connections: 0, perSec: 0 });
  recorder.sent(40);
  clock.advance(100);
  for (let i = 0; i < 30; i++) recorder.succeeded(1);
  expect(recorder.progress(7)).toMatchObject({ elapsedMs: 100, succeeded: 30, failed: 0, connections: 7, perSec: 300 });
  clock.advance(100);
  recorder.succeeded(1);
  recorder.failed("ECONNRESET", 2);
  recorder.failed("EADDRNOTAVAIL", 3);
  const counts = { elapsedMs: 200, succeeded: 31, failed: 5, noPort: 3, connections: 7, perSec: 10 };
  expect(recorder.progress(7)).toMatchObject(counts);
});

test("progress tells rows of the timeline, each once, as they stand in it at the end", () => {
  const clock = handClock(0);
  const recorder = new Recorder({ durationMs: 2000, requests: null }, clock.now);
  const told: number[][] = [];
  for (let nth = 0; nth < 20; nth++) {
    recorder.sent(nth);
    for (let i = 0; i < nth; i++) recorder.succeeded(1 + i / 10);
    clock.advance(100);
    const { rows } = recorder.progress(1);
    for (const [at, atMs] of rows.atMs.entries()) told.push([atMs, rows.perSec[at]!, rows.p50Us[at]!, rows.p99Us[at]!]);
  }
  const { atMs, perSec, p50Us, p99Us } = recorder.close().timeline;
  const all = atMs.map((ms, at) => [ms, perSec[at]!, p50Us[at]!, p99Us[at]!]);
  expect(told.length).toBeGreaterThanOrEqual(10);
  expect(told).toEqual(all.slice(0, told.length));
});
