import fc from "fast-check";
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { parseCounters, UnreadableError } from "../../src/sampler/parse-counters.js";
import { ColumnPicker } from "../../src/sampler/pick-columns.js";

const capture = (name: string): Buffer => readFileSync(new URL(`../fixtures/proc/${name}`, import.meta.url));

test("columns of captured files are what the parser of all of them reads", () => {
  for (const [file, group] of [
    ["snmp", "Tcp:"],
    ["snmp", "Icmp:"],
    ["netstat", "TcpExt:"],
    ["netstat", "IpExt:"],
  ] as const) {
    const all = parseCounters(capture(file).toString("latin1"), file);
    const names = Object.keys(all)
      .filter((name) => name.startsWith(group))
      .map((name) => name.slice(group.length));
    expect(names.length).toBeGreaterThan(3);
    const picked = new ColumnPicker(file, group, names.toReversed()).pick(capture(file));
    expect(picked).toEqual(names.toReversed().map((name) => all[group + name]));
  }
});

const name = fc.stringMatching(/^[A-Z][a-z]{0,4}$/u);
const value = fc.oneof(fc.nat(99), fc.integer({ min: -1, max: Number.MAX_SAFE_INTEGER }));
/** A file of some groups, among them `Tcp:` with the names A1, B1 and C1 somewhere. */
const files = fc
  .record({
    before: fc.uniqueArray(name, { maxLength: 5 }),
    names: fc.shuffledSubarray(["A1", "B1", "C1", "D1", "E1", "A1x", "xA1"], { minLength: 7 }),
    values: fc.array(value, { minLength: 12, maxLength: 12 }),
  })
  .map(({ before, names, values }) => {
    const lines = (group: string, columns: string[]): string =>
      `${[group, ...columns].join(" ")}\n${[group, ...columns.map((_, at) => values[at])].join(" ")}\n`;
    return lines("MPTcp:", before) + lines("Tcp:", names) + lines("Udp:", ["A1"]);
  });

test("the same picker reads one file after the other, wherever its columns have gone", () => {
  fc.assert(
    fc.property(fc.array(files, { minLength: 1, maxLength: 4 }), (texts) => {
      const picker = new ColumnPicker("snmp", "Tcp:", ["C1", "A1"]);
      for (const text of texts) {
        const all = parseCounters(text, "snmp");
        expect(picker.pick(Buffer.from(text))).toEqual([all["Tcp:C1"], all["Tcp:A1"]]);
      }
    }),
  );
});

test("a file cut anywhere is read as the whole one, or told", () => {
  const whole = capture("snmp");
  const picker = new ColumnPicker("snmp", "Tcp:", ["CurrEstab", "ActiveOpens"]);
  const meant = [...picker.pick(whole)];
  fc.assert(
    fc.property(fc.nat(whole.length - 1), fc.boolean(), (at, known) => {
      const one = known ? picker : new ColumnPicker("snmp", "Tcp:", ["CurrEstab", "ActiveOpens"]);
      try {
        expect(one.pick(whole.subarray(0, at))).toEqual(meant);
      } catch (error) {
        if (!(error instanceof UnreadableError)) throw error;
      }
    }),
    { numRuns: 500 },
  );
  expect(picker.pick(whole)).toEqual(meant);
});

test.each([
  ["empty", ""],
  ["no such group", "Udp: A B\nUdp: 1 2\n"],
  ["a group of which the name is only a part", "XTcp: A B\nXTcp: 1 2\n"],
  ["no such counter", "Tcp: A\nTcp: 1\n"],
  ["names without values", "Tcp: A B\n"],
  ["names cut off", "Tcp: A B"],
  ["a value too few", "Tcp: A B\nTcp: 1\n"],
  ["another group's values", "Tcp: A B\nUdp: 1 2\n"],
  ["a word for a value", "Tcp: A B\nTcp: 1 x\n"],
  ["an empty value", "Tcp: A B\nTcp: 1 \n"],
  ["a lone minus", "Tcp: A B\nTcp: 1 -\n"],
  ["values cut off", "Tcp: A B\nTcp: 1 2"],
])("damaged counters are told, not guessed: %s", (_what, text) => {
  expect(() => new ColumnPicker("snmp", "Tcp:", ["B"]).pick(Buffer.from(text))).toThrow(UnreadableError);
});
