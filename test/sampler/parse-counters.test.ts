import fc from "fast-check";
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { parseCounters, parseSockstat, UnreadableError } from "../../src/sampler/parse-counters.js";

const capture = (name: string): string => readFileSync(new URL(`../fixtures/proc/${name}`, import.meta.url), "latin1");

test("the gauge of a captured sockstat is what ss showed: 11 in TIME_WAIT", () => {
  expect(parseSockstat(capture("sockstat"))).toEqual({ timeWait: 11, inUse: 9 });
});

test("counters of captured files carry their group's name", () => {
  const counters = {
    ...parseCounters(capture("snmp"), "snmp"),
    ...parseCounters(capture("netstat"), "netstat"),
  };
  // 16 connections were made by the capture's script, 11 of them closed.
  expect(counters["Tcp:ActiveOpens"]).toBe(16);
  expect(counters["Tcp:PassiveOpens"]).toBe(16);
  expect(counters["TcpExt:TW"]).toBe(11);
});

test("a counter may be negative, as Tcp:MaxConn is", () => {
  expect(parseCounters("Tcp: MaxConn\nTcp: -1\n", "snmp")).toEqual({ "Tcp:MaxConn": -1 });
});

test.each([
  ["empty", ""],
  ["names without values", "Tcp: A B\n"],
  ["a value too few", "Tcp: A B\nTcp: 1\n"],
  ["another group's values", "Tcp: A\nUdp: 1\n"],
  ["a word for a value", "Tcp: A\nTcp: x\n"],
  ["an empty value", "Tcp: A B\nTcp: 1 \n"],
])("damaged counters are told, not guessed: %s", (_what, text) => {
  expect(() => parseCounters(text, "snmp")).toThrow(UnreadableError);
});

test.each([
  ["empty", ""],
  ["no TCP line", "sockets: used 12\n"],
  ["no tw", "TCP: inuse 9 orphan 0\n"],
  ["cut off after tw", "TCP: inuse 9 orphan 0 tw"],
  ["a negative population", "TCP: inuse 9 tw -1"],
])("a damaged sockstat is told, not guessed: %s", (_what, text) => {
  expect(() => parseSockstat(text)).toThrow(UnreadableError);
});

test("a captured file cut anywhere is read whole, or told", () => {
  const whole = capture("snmp");
  fc.assert(
    fc.property(fc.integer({ min: 0, max: whole.length - 1 }), (at) => {
      let counters;
      try {
        counters = parseCounters(whole.slice(0, at), "snmp");
      } catch (error) {
        expect(error).toBeInstanceOf(UnreadableError);
        return;
      }
      // Without an error it is a prefix of whole pairs, its last figure perhaps shortened.
      for (const name of Object.keys(counters)) expect(parseCounters(whole, "snmp")).toHaveProperty([name]);
    }),
  );
});
