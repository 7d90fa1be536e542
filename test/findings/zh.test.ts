import { describe, expect, test } from "vitest";
import { FINDING_CODES } from "../../src/findings/codes.js";
import { EN } from "../../src/findings/en/en.js";
import type { Ports, Spread } from "../../src/findings/figures.js";
import { REMEDIES, type RemedyAt } from "../../src/findings/remedies.js";
import { toldIn } from "../../src/findings/told.js";
import { told } from "../../src/told.js";
import type { FiguresOf, Finding, Place } from "../../src/findings/types.js";
import { ZH } from "../../src/findings/zh/zh.js";
import { inLanguage } from "../../src/text/language.js";
import { closeTrial, measured, result, variantOf } from "../report/fixture.js";

const withMore = <Shape extends object, More extends object>(shape: Shape, more: More): Shape & More =>
  Object.assign({}, shape, more);

const ports: Ports = { low: 32_768, high: 60_999, pairs: 1, size: 28_232 };
const two: Ports = { ...ports, pairs: 2, size: 56_464 };
const spread = (min: number, median: number, max: number): Spread => ({ min, median, max });
const cap = { end: "to", created: 9111, peak: 8111, limit: 7111, ports, perSec: 211, recycled: 311 } as const;
const cause = {
  end: "to",
  count: 17,
  of: 19,
  requests: spread(3, 20, 41),
  idleMs: spread(510, 5010, 5100),
  planned: null,
} as const;
const cable = {
  from: "client",
  to: "server",
  both: true,
  changed: false,
  delayMs: 10,
  jitterMs: 1.5,
  loss: 0.013,
  duplicate: 0.002,
  reorder: 0.03,
  bitsPerSec: 11_000_000,
  by: "forwarder",
  frames: 12_345,
  lost: 161,
  duplicated: 25,
  missed: 19,
  overflowed: 7,
  lateP50Us: 83,
  lateP99Us: 611,
};
const exhausted = {
  used: 1003,
  ports: 1003,
  low: 40_000,
  high: 41_002,
  refused: {},
  failed: 0,
  sent: 5007,
  synRetrans: null,
};
const holder = {
  kind: "one",
  end: "to",
  created: { from: 3, to: 907 },
  closedFirst: { from: 0.01, to: 0.97, reset: 0.02 },
  opened: 911,
  succeeded: 917,
  requestsPer: 1.7,
  refusedAt: null,
} as const;
const population = {
  of: "population",
  end: "to",
  durationMs: 3000,
  perSec: 211,
  ramp: false,
  at: 12_660,
  ports,
} as const;
const lasting = {
  of: "ports",
  ports,
  perSec: 511,
  ramp: false,
  closes: true,
  lastMs: 55_000,
  endlessPerSec: 470,
  reuse: null,
  ranOut: false,
} as const;

/** Every branch of every text. */
const SAID: { readonly [Code in keyof FiguresOf]: readonly FiguresOf[Code][] } = {
  "requests-failed": [
    { failed: 12, sent: 340, kinds: { ECONNRESET: 7, "http-500": 5 } },
    { failed: 1, sent: 2, kinds: {} },
  ],
  "ports-exhausted": [
    { ...exhausted, refused: { EADDRNOTAVAIL: 77 } },
    { ...exhausted, used: 990, failed: 8 },
    { ...exhausted, used: 100 },
    { ...exhausted, ports: null, low: null, high: null },
    { ...exhausted, synRetrans: 23 },
  ],
  "ports-scarce": [{ used: 930, ports: 1003 }],
  "stale-connection": [
    { stale: 3, sent: 340, requests: null, idleMs: spread(510, 2010, 5100) },
    { stale: 1, sent: 340, requests: null, idleMs: null },
    { stale: 2, sent: 340, requests: null, idleMs: spread(0, 3, 41) },
  ],
  "hidden-retries": [{ repeated: 4, sent: 340 }],
  "client-starved": [{ host: "client", waitMs: 1700, share: 0.41 }],
  "server-starved": [{ host: "server", waitMs: 1700, share: 0.61 }],
  "command-failed": [
    { host: "backend", exitCode: 7, signal: null, timedOut: false, timeoutMs: 9000, output: "first\nlast" },
    { host: "backend", exitCode: null, signal: "SIGSEGV", timedOut: false, timeoutMs: 9000, output: null },
    { host: "backend", exitCode: null, signal: null, timedOut: true, timeoutMs: 9000, output: null },
  ],
  "listen-overflow": [
    { host: "server", overflows: 31, drops: 31 },
    { host: "server", overflows: 0, drops: 37 },
    { host: "the host", overflows: 31, drops: 31 },
  ],
  "buckets-overflow": [
    { host: "server", refused: 123, limit: 4096, peak: 4096 },
    { host: "server", refused: 123, limit: 0, peak: 0 },
    { host: "server", refused: 123, limit: null, peak: null },
  ],
  "conntrack-full": [{ host: "nat", tracked: 1800, room: 2000 }],
  "program-connections": [
    { program: "wrk", opened: 331, sent: 340, closedFirst: { from: 0.4, to: 0.3, reset: 0.3 }, says: null },
    { program: "wrk", opened: 331, sent: 340, closedFirst: { from: 1, to: 0, reset: 0 }, says: null },
    { program: "wrk", opened: 331, sent: 340, closedFirst: { from: 0, to: 1, reset: 0 }, says: null },
    { program: "wrk", opened: 331, sent: null, closedFirst: null, says: null },
    {
      program: "wrk",
      opened: 331,
      sent: 340,
      closedFirst: null,
      says: { requests: 337, failed: 13, perSec: 173, latencyUs: { p99: 9_370 } },
    },
    {
      program: "wrk",
      opened: 331,
      sent: 340,
      closedFirst: null,
      says: { requests: null, failed: null, perSec: null, latencyUs: null },
    },
  ],
  "link-churns": [
    { opened: 331, sent: 340, perRequest: 0.97, exact: true, timeWait: { from: 13, to: 317 } },
    { opened: 331, sent: 340, perRequest: 0.97, exact: false, timeWait: { from: 0, to: null } },
  ],
  resets: [
    { share: 0.23, opened: 331, deliberate: false },
    { share: 0.23, opened: 331, deliberate: true },
    { share: 0.23, opened: 331, deliberate: false, tls: true },
  ],
  "nothing-measured": [{ sent: null }, { sent: 0 }],
  holder: [
    holder,
    { ...holder, closedFirst: null },
    { ...holder, closedFirst: { from: 0, to: 1, reset: 0 } },
    { ...holder, kind: "both" },
    { ...holder, kind: "both", closedFirst: null },
    { ...holder, kind: "reused", created: { from: 0, to: 0 }, end: null },
    { ...holder, kind: "reused" },
    { ...holder, kind: "resets" },
    { ...holder, kind: "none" },
    { ...holder, kind: "none", refusedAt: "to" },
    { ...holder, kind: "unreadable" },
  ],
  "closer-cause": [
    ...(["asked", "planned", "client-limit", "not-as-planned", "idle", "client-idle", "mid-request"] as const).map(
      (one) => withMore(cause, { cause: one }),
    ),
    ...(["timeout", "malformed", "error", "body-unread", "idle-pool", "unknown"] as const).map((one) =>
      withMore(cause, { cause: one }),
    ),
    ...(["asked", "planned", "idle-pool"] as const).map((one) => withMore(cause, { cause: one, planned: 22 })),
    { ...cause, cause: "planned", end: "from" },
    { ...cause, cause: "idle", idleMs: null, requests: null },
    { ...cause, cause: "unknown", count: null, of: null },
    { ...cause, cause: "answer" },
    { ...cause, cause: "answer", requests: spread(1, 1, 1) },
    { ...cause, cause: "answer", requests: spread(50, 50, 50) },
  ],
  tracked: [
    { host: "nat", tracked: 1800, before: 12, inTimeWait: 1700, seconds: 120 },
    { host: "nat", tracked: 1800, before: 0, inTimeWait: null, seconds: null },
  ],
  beside: [{ peaks: { backend: 71, nat: 73 } }],
  cap: [
    ...(["buckets", "ports", "half-ports", "rate", "recycled", "reopened", "fewer", "nat-ports"] as const).map((by) =>
      withMore(cap, { by }),
    ),
    { ...cap, by: "ports", end: "from", peak: 28_232 },
    { ...cap, by: "half-ports", peak: 14_116, ports: two },
    { ...cap, by: "reopened", ports: null },
  ],
  forecast: [
    ...(["rate", "reopened", "ports", "buckets"] as const).map((by) =>
      withMore(population, { by, ramp: by === "rate" }),
    ),
    { ...population, by: "ports", ports: null, end: "from" },
    lasting,
    { ...lasting, closes: false, ramp: true },
    { ...lasting, lastMs: null },
    { ...lasting, lastMs: null, closes: false },
    { ...lasting, reuse: "1", ports: two },
    { ...lasting, ranOut: true },
    { ...lasting, ranOut: true, reuse: "1" },
  ],
  cable: [
    cable,
    {
      ...cable,
      both: false,
      changed: true,
      jitterMs: 0,
      by: "netem",
      duplicated: null,
      missed: null,
      overflowed: null,
      lateP50Us: null,
    },
    { ...cable, delayMs: 0, loss: 0, duplicate: 0, reorder: 0, bitsPerSec: null, by: null },
  ],
  "loopback-hides": [
    { reuse: "2", ports: 28_232, recycled: 111 },
    { reuse: "2", ports: 28_232, recycled: 0 },
  ],
};

const PLACES: readonly Place[] = [
  { variant: "only", step: null, link: null },
  { variant: "only", step: "load7", link: { from: "server", to: "backend:9000" } },
];

/** All figures of a sentence: each that English tells, Chinese tells too. Seconds and per cent are written otherwise. */
function figures(text: string): string[] {
  return Array.from(text.replaceAll("–", " ").matchAll(/\d[\d,.]*\d|\d/gu), ([figure]) => figure).toSorted();
}

const ENGLISH = /(?<![`/\w(])[a-z]{2,} [a-z]{2,} [a-z]{2,}/u;

describe.each(FINDING_CODES)("%s in Chinese", (code) => {
  const cases = SAID[code].flatMap((of) => PLACES.map((at) => ({ of: of as never, at })));

  test.each(cases)("tells what it tells in English ($#)", ({ of, at }) => {
    const english = EN.findings[code].text(of, at);
    const chinese = inLanguage("zh", () => ZH.findings[code].text(of, at));
    expect(new Set(figures(chinese))).toEqual(new Set(figures(english)));
    expect(chinese).not.toMatch(ENGLISH);
    expect(chinese).not.toContain("the host");
    expect(chinese).not.toMatch(/undefined|null|NaN|\p{Script=Han}[A-Za-z0-9]|[.;]$/u);
    expect(chinese).toMatch(/\p{Script=Han}/u);
  });
});

describe.each(Object.keys(REMEDIES) as (keyof typeof REMEDIES)[])("the remedy %s in Chinese", (remedy) => {
  const at: RemedyAt = { remedy, host: "gateway", to: "backend" };
  const texts = (of: typeof ZH.remedies): [string, string][] =>
    Object.entries(of[remedy] as Record<string, (at: RemedyAt) => string>).map(([program, say]) => [program, say(at)]);

  test("is there for the same programs, and names the same settings", () => {
    const chinese = new Map(texts(ZH.remedies));
    for (const [program, english] of texts(EN.remedies)) {
      const text = chinese.get(program) ?? "";
      expect(text).toMatch(/\p{Script=Han}/u);
      const settings = english.match(/`[^`]+`|[a-z]+(?:[._][A-Za-z_]+)+|\w+\(|gateway|backend/gu) ?? [];
      for (const setting of settings) expect([program, text]).toEqual([program, expect.stringContaining(setting)]);
      expect(new Set(figures(text))).toEqual(new Set(figures(english)));
    }
    expect(chinese.size).toBe(texts(EN.remedies).length);
  });
});

describe("a saved result", () => {
  const saved = result([[variantOf("only"), measured(closeTrial())]]);

  test("is told in the language of what is drawn, and stays as it is", () => {
    const before = JSON.stringify(saved);
    expect(told(saved)).toBe(saved);
    const texts = inLanguage("zh", () => told(saved)).findings.map(({ text }) => text);
    expect(texts.length).toBeGreaterThan(0);
    for (const text of texts) expect(text).toMatch(/\p{Script=Han}/u);
    expect(JSON.stringify(saved)).toBe(before);
  });

  test("keeps the words of what this bench does not know, or cannot tell", () => {
    const [known] = saved.findings;
    const strange = [
      { ...known!, code: "of-tomorrow" },
      { ...known!, variant: "elsewhere" },
      { ...known!, code: "requests-failed", figures: {} },
    ] as unknown as Finding[];
    const variants = saved.scenario.variants;
    expect(toldIn(strange, variants, ZH).map(({ text }) => text)).toEqual(strange.map(({ text }) => text));
  });
});
