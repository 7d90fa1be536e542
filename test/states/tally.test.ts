import fc from "fast-check";
import { expect, test } from "vitest";
import { Tally } from "../../src/states/tally.js";
import type { Counts, SocketGroup } from "../../src/states/types.js";

const RANGE = { low: 32_768, high: 60_999 };
const ESTABLISHED = 1;
const TIME_WAIT = 6;
const CLOSE = 7;
const LISTEN = 10;

function tally(
  listening: readonly number[],
  sockets: readonly (readonly [state: number, local: number, remote: number])[],
) {
  const one = new Tally(listening, RANGE);
  for (const [state, local, remote] of sockets) one.add("ipv4", state, local, remote, 1_000);
  return one.result();
}

const short = ({ side, port, sockets, guessed }: SocketGroup): string =>
  `${side} ${port}: ${sockets}${guessed > 0 ? ` (${guessed} guessed)` : ""}`;

test("a port that is listened on is the service's, at whichever end it is", () => {
  const { groups } = tally(
    [8080],
    [
      [LISTEN, 8080, 0],
      [ESTABLISHED, 8080, 40_000],
      [ESTABLISHED, 8080, 40_001],
      [TIME_WAIT, 40_001, 8080],
    ],
  );
  expect(groups.map(short)).toEqual(["accepted 8080: 3", "made 8080: 1"]);
  expect(groups[0]!.states).toEqual({ established: 2, listen: 1 });
});

test("a port that is listened on wins even inside of the range that connect() takes ports from", () => {
  expect(tally([45_000], [[ESTABLISHED, 45_000, 80]]).groups.map(short)).toEqual(["accepted 45000: 1"]);
});

test("what left from an ephemeral port was made by us, and that is no guess", () => {
  expect(tally([], [[ESTABLISHED, 40_000, 5432]]).groups.map(short)).toEqual(["made 5432: 1"]);
});

test("TIME_WAIT whose listener is gone was accepted, which is a guess", () => {
  const sockets = [1, 2, 3].map((at) => [TIME_WAIT, 8080, 40_000 + at] as const);
  expect(tally([], sockets).groups.map(short)).toEqual(["accepted 8080: 3 (3 guessed)"]);
});

test("where both ports are ephemeral, or neither, the one that more sockets have is the service's", () => {
  const made = [1, 2, 3].map((at) => [TIME_WAIT, 5_000 + at, 8080] as const);
  expect(tally([], made).groups.map(short)).toEqual(["made 8080: 3 (3 guessed)"]);
  const accepted = [1, 2, 3].map((at) => [TIME_WAIT, 50_000, 40_000 + at] as const);
  expect(tally([], accepted).groups.map(short)).toEqual(["accepted 50000: 3 (3 guessed)"]);
});

test("of two ports with as many sockets the lower is the service's", () => {
  expect(tally([], [[TIME_WAIT, 2_000, 3_000]]).groups.map(short)).toEqual(["accepted 2000: 1 (1 guessed)"]);
  expect(tally([], [[TIME_WAIT, 3_000, 2_000]]).groups.map(short)).toEqual(["made 2000: 1 (1 guessed)"]);
});

test("a socket that is bound and not connected is counted at its own port", () => {
  expect(tally([], [[CLOSE, 40_000, 0]]).groups.map(short)).toEqual(["accepted 40000: 1 (1 guessed)"]);
});

test("the families are counted apart, and both numbers of SYN_RECV as one state", () => {
  const one = new Tally([8080], RANGE);
  one.add("ipv4", 3, 8080, 40_000, 0);
  one.add("ipv6", 3, 8080, 40_000, 0);
  one.add("ipv6", 12, 8080, 40_001, 0);
  const { states, read } = one.result();
  expect({ states, read }).toEqual({ states: { ipv4: { syn_recv: 1 }, ipv6: { syn_recv: 2 } }, read: 3 });
});

test("the time left is that of TIME_WAIT alone, by group and of all", () => {
  const one = new Tally([80, 81], RANGE);
  one.add("ipv4", TIME_WAIT, 80, 40_000, 5_000);
  one.add("ipv4", TIME_WAIT, 80, 40_001, 7_000);
  one.add("ipv4", TIME_WAIT, 81, 40_001, 9_000);
  one.add("ipv4", ESTABLISHED, 81, 40_002, 1);
  const { groups, timeWaitLeftMs } = one.result();
  expect(timeWaitLeftMs).toEqual({ min: 5_000, max: 9_000 });
  expect(groups.map((group) => group.timeWaitLeftMs)).toEqual([
    { min: 5_000, max: 7_000 },
    { min: 9_000, max: 9_000 },
  ]);
  expect(tally([80], [[LISTEN, 80, 0]]).timeWaitLeftMs).toBeNull();
});

test("no socket is lost or counted twice, whatever the ports; the largest group is the first", () => {
  const port = fc.oneof(fc.integer({ min: 0, max: 65_535 }), fc.constantFrom(80, 8080, 32_768, 60_999));
  fc.assert(
    fc.property(
      fc.array(port),
      fc.array(fc.tuple(fc.boolean(), fc.integer({ min: 1, max: 12 }), port, port)),
      (listening, sockets) => {
        const one = new Tally(listening, RANGE);
        for (const [v6, state, local, remote] of sockets) one.add(v6 ? "ipv6" : "ipv4", state, local, remote, 0);
        const { groups, states, read } = one.result();
        const sum = (counts: Counts): number => Object.values(counts).reduce((total, count) => total + count, 0);
        expect(read).toBe(sockets.length);
        expect(sum(states.ipv4) + sum(states.ipv6)).toBe(read);
        expect(groups.reduce((total, group) => total + group.sockets, 0)).toBe(read);
        for (const group of groups) {
          expect(sum(group.states)).toBe(group.sockets);
          expect(group.guessed).toBeLessThanOrEqual(group.sockets);
        }
        const sizes = groups.map(({ sockets: size }) => size);
        expect(sizes).toEqual(sizes.toSorted((a, b) => b - a));
        expect(new Set(groups.map(({ side, port: of }) => `${side} ${of}`)).size).toBe(groups.length);
      },
    ),
  );
});
