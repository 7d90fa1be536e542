import { describe, expect, test } from "vitest";
import type { FindingCode } from "../../src/findings/codes.js";
import { findingsOf } from "../../src/findings/findings.js";
import type { Finding } from "../../src/findings/types.js";
import type { RunResult, Trial } from "../../src/result/types.js";
import type { LoadPlan, ServerPlan } from "../../src/scenario/types.js";
import { measured, result, trial, variantOf } from "../report/fixture.js";

type Ends = Partial<Pick<Trial, "closeCauses" | "closedAfter" | "stale" | "repeated">>;

const KEPT: Partial<LoadPlan> = { connection: "keep-alive", requestsPerConnection: null, closer: "client" };
const same = (value: number) => ({ min: value, median: value, max: value });
const after = (requests: number, idleMs = 0) => ({ requests: same(requests), idleMs: same(idleMs) });
const NO_AFTER = { answer: null, idle: null, "client-idle": null, stale: null };

function run(ends: Ends, load: Partial<LoadPlan> = KEPT, command?: string): RunResult {
  const variant = variantOf("only", load);
  const server: ServerPlan =
    command === undefined
      ? variant.server
      : {
          kind: "command",
          command,
          cwd: "/",
          env: {},
          port: 8080,
          ready: { by: "tcp" },
          readyTimeoutMs: 1,
        };
  const of = trial({ perSec: 200, requestsPer: 2, change: { ...ends } });
  return result([[{ ...variant, server }, measured(of)]]);
}

function found<Code extends FindingCode>(code: Code, of: RunResult): Finding<Code>[] {
  return findingsOf(of).filter((one) => one.code === code) as Finding<Code>[];
}

describe("closer-cause", () => {
  test("the server answers Connection: close to each request of a load that keeps connections", () => {
    const of = run(
      { closeCauses: { answer: 2000 }, closedAfter: { ...NO_AFTER, answer: after(1) } },
      KEPT,
      "gunicorn -k sync app",
    );
    expect(found("closer-cause", of)).toMatchObject([
      {
        severity: "notice",
        figures: { end: "to", cause: "answer", count: 2000, of: 2000 },
        text: "the server refuses keep-alive: it answered Connection: close to each request",
        remedy: "use `--worker-class gthread` with `--keep-alive`: sync workers close after each response",
        source: "https://gunicorn.org/design/",
      },
    ]);
  });

  test("the server closes after so many requests", () => {
    const ends = { closeCauses: { answer: 100, "end-of-load": 10 }, closedAfter: { ...NO_AFTER, answer: after(20) } };
    const [one] = found("closer-cause", run(ends, KEPT, "nginx -c /etc/nginx.conf"));
    expect(one).toMatchObject({
      text: "the server closes a connection after 20 requests: the last answer says Connection: close",
      remedy: "raise `keepalive_requests`",
    });
  });

  test("the server closes what is idle, and after how long", () => {
    const idle = { requests: same(1), idleMs: { min: 998, median: 1003, max: 1012 } };
    const [one] = found("closer-cause", run({ closeCauses: { idle: 200 }, closedAfter: { ...NO_AFTER, idle } }));
    expect(one?.text).toBe("the server closes connections that are idle for 1 s: 200 connections, after 1 request");
    expect(one?.remedy).toContain("server.keepAliveTimeout");
    const spread = { requests: same(1), idleMs: { min: 200, median: 1003, max: 3000 } };
    const [other] = found(
      "closer-cause",
      run({ closeCauses: { idle: 200 }, closedAfter: { ...NO_AFTER, idle: spread } }),
    );
    expect(other?.text).toContain("idle for 200 ms to 3 s");
  });

  test.each([
    [{ asked: 2000 }, { connection: "close", closer: "server" } as const, "Each request said Connection: close"],
    [
      { asked: 2000 },
      { ...KEPT, requestsPerConnection: 20, closer: "server" } as const,
      "Each 20th request of a connection said Connection: close",
    ],
    [
      { "client-limit": 2000 },
      { connection: "close", closer: "client" } as const,
      "The scenario asks the client to close",
    ],
    [
      { "client-limit": 100 },
      { ...KEPT, requestsPerConnection: 2 } as const,
      "The scenario asks the client to close after 2 requests",
    ],
    [
      { asked: 2000 },
      { connection: "close", closer: "client" } as const,
      "The scenario leaves closing to the client, and yet the server closed",
    ],
  ])("is what the scenario asks for: %o", (closeCauses, load, text) => {
    expect(found("closer-cause", run({ closeCauses }, load))).toMatchObject([{ severity: "fact", text }]);
  });

  test("several causes are told, those of few connections are not, and a reset has a finding of its own", () => {
    const of = run({
      closeCauses: { answer: 500, "mid-request": 400, malformed: 20, reset: 300 },
      closedAfter: NO_AFTER,
    });
    expect(found("closer-cause", of).map(({ figures }) => figures.cause)).toEqual(["answer", "mid-request"]);
    expect(found("closer-cause", of)[1]?.text).toBe(
      "the server closed 400 of 1,220 connections that ended while a request waited for its answer",
    );
  });

  test("what cannot be told is told so, by the client's books and without them", () => {
    expect(found("closer-cause", run({ closeCauses: { unknown: 900 } }))[0]?.text).toBe(
      "Why 900 connections ended cannot be told from what was measured",
    );
    const created = { created: 2000, peak: 2000, end: 2000 };
    const none = { created: 0, peak: 0, end: 0 };
    const of = trial({ perSec: 200, timeWait: { client: none, server: created } });
    const without = result([[variantOf("only", KEPT), measured(of)]]);
    expect(found("closer-cause", without)[0]?.text).toBe(
      "Why the server closed first cannot be told from what was measured",
    );
  });

  test("the end of the load is no cause, nor is that of connections that were opened once", () => {
    expect(found("closer-cause", run({ closeCauses: { "end-of-load": 50 } }))).toEqual([]);
    const once = trial({ perSec: 200, requestsPer: 40, change: { closeCauses: { idle: 50 } } });
    expect(found("closer-cause", result([[variantOf("only", KEPT), measured(once)]]))).toEqual([]);
  });

  test("of a load among steps it names the step", () => {
    const variant = variantOf("only", KEPT);
    const step = { name: "fill", do: "load" as const, on: "client", to: "server", load: variant.load };
    const figures = {
      "fill.requests.sent": 1000,
      "fill.requests.succeeded": 1000,
      "fill.connections.opened": 1000,
      "fill.connections.requestsPer": 1,
      "fill.closeCauses.answer": 1000,
      "fill.closedAfter.answer.requests.min": 1,
      "fill.closedAfter.answer.requests.median": 1,
      "fill.closedAfter.answer.requests.max": 1,
      "fill.stale": 3,
    };
    const of = result([[{ ...variant, phases: [step] }, measured({ ...trial(), figures })]]);
    expect(found("closer-cause", of)).toMatchObject([
      { step: "fill", text: "the server refuses keep-alive: it answered Connection: close to each request in fill" },
    ]);
    expect(found("stale-connection", of)).toMatchObject([{ step: "fill", figures: { stale: 3, sent: 1000 } }]);
  });
});

describe("stale-connection", () => {
  test("of a connection that was used at once, which no shorter idle timeout of a client would have saved", () => {
    const ends = { stale: 30, closedAfter: { ...NO_AFTER, stale: after(3, 0.2) } };
    expect(found("stale-connection", run(ends, KEPT, "exec node server.js"))).toMatchObject([
      {
        text: expect.stringMatching(
          /had just closed their kept connection, on which the next request came within 1 ms of/u,
        ) as string,
        remedy: "raise server.keepAliveTimeout, above the idle timeout of the clients",
      },
    ]);
  });

  test("says how many requests met one, how long it had been idle, and the cure", () => {
    const ends = { stale: 1, closeCauses: { idle: 3 }, closedAfter: { ...NO_AFTER, stale: after(12, 1001) } };
    expect(found("stale-connection", run(ends, KEPT, "exec /usr/sbin/nginx -g 'daemon off;'"))).toMatchObject([
      {
        severity: "problem",
        figures: { stale: 1, idleMs: same(1001), requests: same(12) },
        text: "1 of 2,000 requests failed because the server had just closed its kept connection, which had been idle for 1 s",
        remedy: "keep the clients' idle timeout below nginx's `keepalive_timeout`",
      },
    ]);
    expect(found("stale-connection", run({ stale: 0 }))).toEqual([]);
    expect(found("stale-connection", run({ stale: null }))).toEqual([]);
  });
});

describe("hidden-retries", () => {
  test("says how many requests a library sent again", () => {
    expect(found("hidden-retries", run({ repeated: 65 }))).toMatchObject([
      {
        severity: "notice",
        figures: { repeated: 65, sent: 2000 },
        text: "the library of the client sent 65 requests of 2,000 once more by itself: its caller sees no failure",
      },
    ]);
    expect(found("hidden-retries", run({ repeated: 0 }))).toEqual([]);
  });
});
