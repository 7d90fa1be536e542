import fc from "fast-check";
import { expect, test } from "vitest";
import { ipv4Key } from "../../src/kernel/address-key.js";
import { monotonicMs } from "../../src/kernel/clock.js";
import { LinkEnds, Listeners } from "../../src/sampler/link-ends.js";
import { sidesOf } from "../../src/sampler/socket-counts.js";
import type { LinkEnd } from "../../src/sampler/types.js";

const ESTABLISHED = 1;
const SYN_RECV = 3;
const TIME_WAIT = 6;
const CLOSE_WAIT = 8;
const LISTEN = 10;
const REQUEST = 12;
const RANGE = { low: 32_768, high: 60_999 };
const [OWN, CLIENT, SERVER] = [ipv4Key(198, 18, 0, 1), ipv4Key(198, 18, 0, 2), ipv4Key(198, 18, 0, 3)];
const MINUTE_MS = 60_000;

const reading = (sinceMs = Infinity): LinkEnds => new LinkEnds(new Listeners(RANGE), sinceMs);

test("a proxy's connections from its clients are told from those to its server, though both have the same port", () => {
  const ends = reading();
  ends.add(LISTEN, 8080, 0, 0, 0, 0);
  for (let port = 0; port < 3; port++) ends.add(TIME_WAIT, 8080, 40_000 + port, 50_000 + port, OWN, CLIENT);
  for (let port = 0; port < 5; port++) ends.add(TIME_WAIT, 50_000 + port, 8080, 1_000 * port, OWN, SERVER);
  ends.add(CLOSE_WAIT, 50_100, 8080, 0, OWN, SERVER);
  expect(ends.ends()).toMatchObject([
    { end: "from", port: 8080, remote: "198.18.0.3", states: { time_wait: 5, close_wait: 1 } },
    {
      end: "to",
      port: 8080,
      remote: "198.18.0.2",
      states: { time_wait: 3 },
      timeWaitLeftMs: { min: 50_000, max: 50_002 },
    },
    { end: "to", port: 8080, remote: "0.0.0.0", states: { listen: 1 }, timeWaitLeftMs: null },
  ]);
  const sides = sidesOf(ends.ends(), 8080);
  expect(sides.client).toMatchObject({ time_wait: 5, close_wait: 1 });
  expect(sides.server).toMatchObject({ time_wait: 3, listen: 1 });
});

test("a service and what runs beside it on the same host: each end of their connections is told", () => {
  const ends = reading();
  ends.add(LISTEN, 6379, 0, 0, 0, 0);
  ends.add(TIME_WAIT, 41_000, 6379, 5, OWN, OWN);
  ends.add(ESTABLISHED, 41_001, 6379, 0, OWN, OWN);
  ends.add(ESTABLISHED, 6379, 41_001, 0, OWN, OWN);
  expect(ends.ends().map(({ end, port, states }) => [end, port, states])).toEqual([
    ["from", 6379, { established: 1, time_wait: 1 }],
    ["to", 6379, { listen: 1 }],
    ["to", 6379, { established: 1 }],
  ]);
});

test("a connection outlives its listener: it is still the one that was accepted", () => {
  const listeners = new Listeners(RANGE);
  new LinkEnds(listeners, 0).add(LISTEN, 50_000, 0, 0, 0, 0);
  const later = new LinkEnds(listeners, 0);
  later.add(TIME_WAIT, 50_000, 50_001, 5, OWN, CLIENT);
  expect(later.ends()).toMatchObject([{ end: "to", port: 50_000 }]);
  const unseen = reading();
  unseen.add(TIME_WAIT, 8080, 50_001, 5, OWN, CLIENT);
  expect(unseen.ends()).toMatchObject([{ end: "to", port: 8080 }]);
});

test("what entered TIME_WAIT since the reading before is dated by the time that it has left", () => {
  const now = monotonicMs();
  const ends = reading(now - 10_000);
  for (const agoMs of [1_000, 9_000, 11_000, 30_000]) ends.add(TIME_WAIT, 8080, 40_000, MINUTE_MS - agoMs, OWN, CLIENT);
  expect(ends.ends()).toMatchObject([{ states: { time_wait: 4 }, timeWaitBorn: 2 }]);
});

test("a request socket is in SYN_RECV, as every tool says", () => {
  const ends = reading();
  ends.add(REQUEST, 8080, 40_000, 0, OWN, CLIENT);
  ends.add(SYN_RECV, 8080, 40_001, 0, OWN, CLIENT);
  expect(ends.ends()).toMatchObject([{ states: { syn_recv: 2 } }]);
});

test("timers of other states are not taken for what is left of TIME_WAIT", () => {
  const ends = reading(0);
  ends.add(ESTABLISHED, 8080, 40_000, 7_200_000, OWN, CLIENT);
  expect(ends.ends()).toMatchObject([{ timeWaitLeftMs: null, timeWaitBorn: 0 }]);
});

test("no socket is lost or counted twice, whatever ports and addresses it has", () => {
  const port = fc.oneof(fc.integer({ min: 0, max: 65_535 }), fc.constantFrom(0, 8000, 8080, 65_535));
  const address = fc.integer({ min: 0, max: 40 });
  const socket = fc.tuple(fc.integer({ min: 1, max: 12 }), port, port, address, address);
  fc.assert(
    fc.property(fc.array(socket, { maxLength: 200 }), (sockets) => {
      const ends = reading();
      for (const [state, local, remote, from, to] of sockets) ends.add(state, local, remote, 5, from, to);
      const told = ends.ends();
      expect(sum(told)).toBe(sockets.length);
      expect(new Set(told.map(({ end, port: of, local, remote }) => `${end}${of}${local} ${remote}`)).size).toBe(
        told.length,
      );
    }),
  );
});

test("what comes out is small, however many peers there are, and still holds every socket", () => {
  const ends = reading();
  for (let peer = 0; peer < 20_000; peer++) ends.add(TIME_WAIT, 8080, 40_000, 5, OWN, peer);
  expect(ends.ends().length).toBeLessThan(5_000);
  expect(sum(ends.ends())).toBe(20_000);
});

test("however many connections lost their listener, one that is there keeps its port and its peers", () => {
  const ends = reading();
  for (let port = 33_000; port < 43_000; port++) ends.add(TIME_WAIT, 45_000, port, 5, OWN, OWN);
  ends.add(LISTEN, 9_000, 0, 0, OWN, 0);
  for (let peer = 0; peer < 1_600; peer++) ends.add(TIME_WAIT, 9_000, 40_000, 5, OWN, 1_000 + peer);
  const own = ends.ends().filter(({ port }) => port === 9_000);
  expect(own.filter(({ states }) => states.listen === 1)).toHaveLength(1);
  expect(own).toHaveLength(1_601);
  expect(ends.ends().length).toBeLessThan(5_000);
  expect(sum(ends.ends())).toBe(11_601);
});

function sum(ends: readonly LinkEnd[]): number {
  return ends.flatMap(({ states }) => Object.values(states)).reduce((total, count) => total + count, 0);
}
