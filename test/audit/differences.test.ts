import { describe, expect, test } from "vitest";
import { differencesIn } from "../../src/audit/differences.js";
import { EN } from "../../src/audit/en.js";
import type { SituationName } from "../../src/audit/situations.js";
import type { DifferenceCode, DifferenceFigures, SituationFigures } from "../../src/audit/types.js";
import { ZH } from "../../src/audit/zh.js";
import { inLanguage, spaced } from "../../src/text/language.js";

/** All is as it should be: 400 requests on 20 connections in two seconds. */
const HONEST: SituationFigures = {
  asked: { connections: 20, connection: "keep-alive", perSec: null, seconds: 2 },
  says: {
    requests: 400,
    succeeded: 400,
    failed: 0,
    connections: null,
    perSec: 200,
    seconds: 2,
    exitCode: 0,
    ended: null,
    silent: false,
    lastLine: null,
  },
  server: { requests: 400, connections: 20, faults: null, fault: null, requestedMs: { first: 3, last: 1990 } },
  kernels: {
    opened: 20,
    accepted: 20,
    attemptFails: 0,
    ports: { used: 20, limit: 28_232 },
    closedFirst: { client: 1, server: 0, reset: 0 },
    rsts: { client: 0, server: 0 },
    timeWait: { client: 20, server: 0 },
    idleSinceMs: null,
  },
};

type Change = { [Column in keyof SituationFigures]?: Partial<NonNullable<SituationFigures[Column]>> };

function found(change: Change, situation: SituationName = "keep-alive"): string[] {
  const { asked, says, server, kernels } = HONEST;
  const figures = {
    asked: { ...asked, ...change.asked },
    says: { ...says, ...change.says },
    server: { ...server!, ...change.server },
    kernels: { ...kernels, ...change.kernels },
  };
  return differencesIn(situation, figures).map((one) => {
    const say = EN[one.code] as (figures: unknown, program: string) => string;
    return `${one.code}: ${say(one.figures, "wrk")}`;
  });
}

const close = { connection: "close" } as const;
const ofEach = { connections: 400, requests: 400 };

describe("no difference", () => {
  test("where all is as it should be", () => expect(found({})).toEqual([]));
  test("where nothing is known of what it says", () => {
    const says = { requests: null, succeeded: null, failed: null, perSec: null, seconds: null, exitCode: 7 };
    expect(found({ says })).toEqual([]);
  });
  test("where failures that the server made are told, but for those under way at the end", () => {
    const server = { fault: "resets", faults: 60 };
    expect(found({ server, says: { succeeded: 360, failed: 40, perSec: 180, exitCode: 1 } }, "server-resets")).toEqual(
      [],
    );
  });
  test("where a load of which each request has its connection opened as many", () => {
    expect(found({ asked: close, server: ofEach, kernels: { opened: 400 } }, "close")).toEqual([]);
  });
  test("in closings, which a program never tells", () => {
    const server = { fault: "closes", faults: 400, connections: 400 };
    expect(found({ server, kernels: { opened: 400 } }, "server-closes")).toEqual([]);
  });
});

test.each<[string, Change, SituationName?]>([
  ["requests-untold: wrk tells of 400 requests; the server got 419, 19 more", { server: { requests: 419 } }],
  [
    "requests-unserved: of the 400 requests that wrk tells of, 300 reached the server",
    { server: { requests: 300 }, says: { perSec: 150 } },
  ],
  ["connections-more: wrk was to keep 20 connections, and opened 21", { kernels: { opened: 21 } }],
  ["connections-other: wrk tells of 19 connections; the kernel opened 20", { says: { connections: 19 } }],
  [
    "connections-unused: 417 connections carried 400 requests: at least 17 carried none",
    { asked: close, server: { ...ofEach, connections: 417 }, kernels: { opened: 417 } },
    "close",
  ],
  ["close-not-done: wrk was to open a connection for each request, and sent 400 on 20", { asked: close }, "close"],
  [
    "resets: 95 % of 20 connections ended in a reset, which leaves no TIME_WAIT: the client sent 19 RST, the server 0",
    { kernels: { closedFirst: { client: 0.05, server: 0, reset: 0.95 }, rsts: { client: 19, server: 0 } } },
  ],
  [
    "failures-other: the server reset 60 connections in place of an answer; wrk says that 0 failed",
    { server: { fault: "resets", faults: 60 }, says: { exitCode: 1 } },
    "server-resets",
  ],
  [
    "failures-other: the server never answered 20 requests; wrk says that 0 failed",
    { server: { fault: "stalls", faults: 20 } },
    "server-stalls",
  ],
  [
    "failures-other: the server answered 200 requests with status 500; wrk says that 3 failed",
    { server: { fault: "answers-500", faults: 200 }, says: { failed: 3, exitCode: 1 } },
    "server-answers-500",
  ],
  [
    "failures-other: the server reset 60 connections in place of an answer; wrk says that 120 failed",
    { server: { fault: "resets", faults: 60 }, says: { failed: 120, exitCode: 1 } },
    "server-resets",
  ],
  [
    "failures-overtold: wrk says that 7 failed; the server answered all 400 requests that it got",
    { says: { failed: 7 } },
  ],
  [
    "rate-over-silence: wrk says 200 requests/s over 2 s; the server got the last one after 410 ms, and the client then had no connection open any more",
    { server: { requestedMs: { first: 3, last: 410 } }, kernels: { idleSinceMs: 452 } },
  ],
  [
    "rate-over-silence: wrk says 200 requests/s over 2 s; the server got the last one after 410 ms",
    { server: { requestedMs: { first: 3, last: 410 } } },
  ],
  [
    "sent-no-longer: wrk was to send for 2 s; the server got the last request after 1.2 s",
    { says: { seconds: 1.2, perSec: 333 }, server: { requestedMs: { first: 3, last: 1200 } } },
  ],
  [
    "rate-counts-failures: the 200 requests/s of wrk hold 300 requests that it says failed: 50/s succeeded",
    { says: { succeeded: 100, failed: 300, exitCode: 1 } },
    "server-hangs-up",
  ],
  ["rate-other: wrk says 100 requests/s over 2 s, which are 200; the server got 400", { says: { perSec: 100 } }],
  ["rate-not-kept: wrk was to send 500 requests/s; the server got 400, which are 200/s", { asked: { perSec: 500 } }],
  [
    "exit-zero: wrk exited with 0, though it says that 100 requests failed",
    { says: { failed: 100 } },
    "server-hangs-up",
  ],
  [
    "exit-zero: wrk exited with 0, though 60 of 400 requests had no good answer",
    { server: { fault: "resets", faults: 60 }, says: { failed: null } },
    "server-resets",
  ],
  [
    "ports-held: all 1,000 local ports were held after 400 requests; wrk says that 20 failed, and no kernel counts such failures",
    {
      asked: close,
      server: ofEach,
      kernels: { opened: 400, ports: { used: 1000, limit: 1000 } },
      says: { failed: 20 },
    },
    "ports-used-up",
  ],
  [
    "did-not-end: wrk was to end after 2 s, and did not: it was ended from outside",
    { says: { ended: "late", exitCode: null, silent: true } },
  ],
  [
    "no-summary: wrk wrote no summary that can be read, and exited with 119; its last line: apr_pollset_poll: The timeout specified has expired (70007)",
    {
      says: {
        silent: true,
        exitCode: 119,
        lastLine: "apr_pollset_poll: The timeout specified has expired (70007)",
      },
    },
  ],
])("%s", (sentence, change, situation) => {
  const said = { requests: null, succeeded: null, failed: null, perSec: null, seconds: null };
  const silent = change.says?.silent === true ? { ...change, says: { ...said, ...change.says } } : change;
  expect(found(silent, situation)).toEqual([sentence]);
});

const SAID: { readonly [Code in DifferenceCode]: readonly DifferenceFigures[Code][] } = {
  "no-summary": [
    { exitCode: 119, lastLine: "70007" },
    { exitCode: null, lastLine: null },
  ],
  "did-not-end": [{ afterMs: 2000 }],
  "requests-untold": [{ told: 400, served: 419 }],
  "requests-unserved": [{ told: 400, served: 300 }],
  "failures-other": ["resets", "stalls", "answers-500"].map((fault) => ({ fault, faults: 60, failed: 3 })),
  "failures-overtold": [{ failed: 7, served: 400 }],
  "ports-held": [
    { ports: 1000, failed: 20, served: 1003 },
    { ports: 1000, failed: null, served: 1003 },
  ],
  "connections-more": [{ asked: 20, opened: 21 }],
  "connections-other": [{ told: 19, opened: 20 }],
  "connections-unused": [{ accepted: 417, served: 400 }],
  "close-not-done": [{ opened: 20, served: 400 }],
  resets: [{ share: 0.95, opened: 20, clientRsts: 19, serverRsts: 3 }],
  "rate-over-silence": [
    { perSec: 325, seconds: 3, lastMs: 900, idle: true },
    { perSec: 325, seconds: 3, lastMs: 900, idle: false },
  ],
  "sent-no-longer": [{ seconds: 2, lastMs: 1200 }],
  "rate-counts-failures": [{ perSec: 377, failed: 2000, succeededPerSec: 126 }],
  "rate-other": [{ perSec: 100, seconds: 2, served: 400 }],
  "rate-not-kept": [{ asked: 500, served: 400, perSec: 200 }],
  "exit-zero": [
    { failed: 100, requests: 400, by: "program" },
    { failed: 60, requests: 400, by: "server" },
  ],
};

function numbersIn(text: string): Set<string> {
  return new Set(Array.from(text.matchAll(/\d[\d,.]*\d|\d/gu), ([figure]) => figure));
}

describe.each(Object.keys(EN) as DifferenceCode[])("%s in Chinese", (code) => {
  test.each(SAID[code].map((of) => [of] as const))("tells what it tells in English ($#)", (of) => {
    const told = (texts: typeof EN): string => (texts[code] as (of: unknown, program: string) => string)(of, "wrk");
    const chinese = inLanguage("zh", () => spaced(told(ZH)));
    expect(numbersIn(chinese)).toEqual(numbersIn(told(EN)));
    expect(chinese).toMatch(/\p{Script=Han}/u);
    expect(chinese).not.toMatch(/undefined|null|NaN|[a-z]{2,} [a-z]{2,} [a-z]{2,}|\p{Script=Han}[A-Za-z0-9]|[.;]$/u);
  });
});
