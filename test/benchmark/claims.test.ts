import fc from "fast-check";
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import * as claims from "./claims.js";
import type { Claim } from "./types.js";

const captured = (name: string): string => readFileSync(new URL(`fixtures/${name}.txt`, import.meta.url), "utf8");

const CAPTURES = ["wrk", "wrk-errors", "ab", "h2load", "siege", "hey", "hey-errors", "oha", "vegeta", "k6"];

describe("what a tool says of itself", () => {
  test.each<[string, (output: string) => Claim, Claim]>([
    ["wrk", claims.parseWrk, { requests: 18_914, failed: 0, seconds: 1.1 }],
    ["wrk-errors", claims.parseWrk, { requests: 13_888, failed: 6_944, seconds: 1.1 }],
    ["ab", claims.parseAb, { requests: 12_818, failed: 0, seconds: 1.001 }],
    ["h2load", claims.parseH2load, { requests: 56_108, failed: 0, seconds: 1.01 }],
    ["siege", claims.parseSiege, { requests: 14_207, failed: 0, seconds: 1.46 }],
    ["hey", claims.parseHey, { requests: 8_517, failed: 0, seconds: 1.003 }],
    ["hey-errors", claims.parseHey, { requests: 6_129, failed: 3, seconds: 1.0014 }],
    ["oha", claims.parseOha, { requests: 12_783, failed: 6, seconds: 1.001660679 }],
    ["vegeta", claims.parseVegeta, { requests: 8_353, failed: 0, seconds: 1.000362765 }],
    ["k6", claims.parseK6, { requests: 6_321, failed: 0, seconds: 1.000607683 }],
  ])("is read from the output of %s", (name, parse, claim) => {
    expect(parse(captured(name))).toEqual(claim);
  });

  test("is read where durations have other units", () => {
    expect(claims.parseWrk("  12 requests in 500.00ms, 1.00KB read").seconds).toBe(0.5);
    expect(claims.parseWrk("  12 requests in 2.00m, 1.00KB read").seconds).toBe(120);
    expect(claims.parseH2load("finished in 900us, 1.00 req/s, 1B/s").seconds).toBeCloseTo(0.0009, 9);
  });

  test("counts requests without an answer as failed by vegeta", () => {
    expect(claims.parseVegeta('{"requests":10,"duration":2000000000,"status_codes":{"0":4,"200":6}}')).toEqual({
      requests: 6,
      failed: 4,
      seconds: 2,
    });
  });

  test("is a number or null, never anything else that stands there", () => {
    const text = '{"requests":"9","failed":{},"seconds":null,"duration":"1s","statusCodeDistribution":null}';
    for (const parse of [claims.parseK6, claims.parseOha, claims.parseVegeta])
      expect(parse(text)).toEqual({ requests: null, failed: null, seconds: null });
  });

  const parsers = Object.entries(claims);
  test.each(parsers)("is nothing, for %s, where there is no output", (_name, parse) => {
    expect(parse("")).toEqual({ requests: null, failed: null, seconds: null });
  });

  test.each(parsers)("never makes %s fail, however it is damaged", (_name, parse) => {
    fc.assert(
      fc.property(fc.constantFrom(...CAPTURES), fc.nat(), fc.nat(), fc.string(), (name, from, length, inserted) => {
        const text = captured(name);
        const start = from % text.length;
        parse(text.slice(0, start) + inserted + text.slice(start + (length % text.length)));
      }),
    );
  });
});
