import fc from "fast-check";
import { expect, test } from "vitest";
import { SocketCounts } from "../../src/sampler/socket-counts.js";

const ESTABLISHED = 1;
const SYN_RECV = 3;
const TIME_WAIT = 6;
const CLOSE_WAIT = 8;
const LISTEN = 10;
const REQUEST = 12;

test("a proxy's TIME_WAIT towards its clients is told from what it holds upstream", () => {
  const proxy = 8000;
  const server = 8080;
  const counts = new SocketCounts(server, [proxy]);
  counts.add(LISTEN, proxy, 0, 0);
  for (let client = 0; client < 3; client++) counts.add(TIME_WAIT, proxy, 40_000 + client, 50_000 + client);
  for (let upstream = 0; upstream < 5; upstream++) counts.add(TIME_WAIT, 50_000 + upstream, server, 1_000 * upstream);
  counts.add(CLOSE_WAIT, 50_100, server, 0);
  expect(counts.groups()).toEqual([
    {
      port: server,
      end: "remote",
      states: { time_wait: 5, close_wait: 1 },
      timeWaitLeftMs: { min: 0, max: 4_000 },
    },
    {
      port: proxy,
      end: "local",
      states: { time_wait: 3, listen: 1 },
      timeWaitLeftMs: { min: 50_000, max: 50_002 },
    },
  ]);
  expect(counts.sides().client).toMatchObject({ time_wait: 5, close_wait: 1 });
  expect(counts.sides().server).toMatchObject({ time_wait: 0, listen: 0 });
});

test("ports that nobody watches are left out", () => {
  const counts = new SocketCounts(8080, []);
  counts.add(ESTABLISHED, 22, 40_000, 0);
  expect(counts.groups()).toEqual([]);
});

test("a socket with watched ports at both ends counts once, at its local one", () => {
  const counts = new SocketCounts(8080, [8000]);
  counts.add(ESTABLISHED, 8000, 8080, 0);
  expect(counts.groups()).toEqual([{ port: 8000, end: "local", states: { established: 1 }, timeWaitLeftMs: null }]);
});

test("a request socket is in SYN_RECV, as every tool says", () => {
  const counts = new SocketCounts(8080, []);
  counts.add(REQUEST, 8080, 40_000, 0);
  counts.add(SYN_RECV, 8080, 40_001, 0);
  expect(counts.sides().server.syn_recv).toBe(2);
});

test("timers of other states are not taken for what is left of TIME_WAIT", () => {
  const counts = new SocketCounts(8080, []);
  counts.add(ESTABLISHED, 8080, 40_000, 7_200_000);
  expect(counts.groups()[0]).toMatchObject({ timeWaitLeftMs: null });
});

test("no socket is lost or counted twice, whatever ports it has", () => {
  const port = fc.integer({ min: 0, max: 65_535 });
  const near = fc.constantFrom(0, 8000, 8080, 65_535);
  const socket = fc.record({
    state: fc.integer({ min: 1, max: 12 }),
    local: fc.oneof(port, near),
    remote: fc.oneof(port, near),
  });
  fc.assert(
    fc.property(fc.array(socket), fc.uniqueArray(fc.oneof(port, near)), (sockets, otherPorts) => {
      const counts = new SocketCounts(8080, otherPorts);
      for (const { state, local, remote } of sockets) counts.add(state, local, remote, 5);
      const watched = new Set([8080, ...otherPorts]);
      const counted = counts.groups().flatMap(({ states }) => Object.values(states));
      expect(counted.reduce((sum, count) => sum + count, 0)).toBe(
        sockets.filter(({ local, remote }) => watched.has(local) || watched.has(remote)).length,
      );
    }),
  );
});

test("what comes out is small, however many sockets went in", () => {
  const counts = new SocketCounts(8080, [8000, 8001]);
  for (let remote = 0; remote < 60_000; remote++) counts.add(1 + (remote % 11), 8080, remote, remote);
  expect(JSON.stringify({ sides: counts.sides(), ports: counts.groups() }).length).toBeLessThan(2_000);
});
