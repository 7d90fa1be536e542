import fc from "fast-check";
import { expect, test } from "vitest";
import { ipv4Key } from "../../src/kernel/address-key.js";
import { Gather } from "../../src/watch/gather.js";

const RANGE = { low: 32_768, high: 60_999 };
const [ESTABLISHED, TIME_WAIT, CLOSE_WAIT] = [1, 6, 8];
const HERE = ipv4Key(10, 0, 0, 1);
const peer = (last: number): number => ipv4Key(10, 0, 1, last);

type Args = [state: number, local: number, remote: number, leftMs: number, here: number, there: number, inode: number];
function put(to: Gather, ...[state, localPort, remotePort, expiresMs, localKey, remoteKey, inode]: Args): void {
  to.add({ state, localPort, remotePort, expiresMs, localKey, remoteKey, inode });
}

function gather(listening: number[] = [], before = new Map<number, number>(), nowMs = 0): Gather {
  return new Gather(listening, RANGE, { before, nowMs });
}

test("one dump tells who closed, and when: by the TIME_WAIT that is left", () => {
  const one = gather([8080]);
  for (let port = 0; port < 100; port++) put(one, TIME_WAIT, 40_000 + port, 443, 51_000, HERE, peer(7), 0);
  for (let port = 0; port < 200; port++) put(one, TIME_WAIT, 8080, 50_000 + port, 57_500, HERE, peer(8), 0);
  const [client, server] = one.links(10);
  expect(client).toMatchObject({ side: "client", local: "10.0.0.1", peer: "10.0.1.7", port: 443, portsHeld: 100 });
  expect(client!.closedAgo[9]).toBe(100);
  expect(server).toMatchObject({ side: "server", local: null, peer: "10.0.1.8", port: 8080, portsHeld: 0 });
  expect(server!.closedAgo[2]).toBe(200);
});

test("a timer that has run out is still a port that is held, and no close of the last minute", () => {
  const one = gather();
  put(one, TIME_WAIT, 40_000, 443, 0, HERE, peer(1), 0);
  const [link] = one.links(1);
  expect(link).toMatchObject({ portsHeld: 1 });
  expect(link!.closedAgo.at(60)).toBe(1);
});

test("each local address has the range once; ports outside of the range are not of it", () => {
  const one = gather();
  put(one, ESTABLISHED, 40_000, 443, 0, HERE, peer(1), 11);
  put(one, ESTABLISHED, 40_000, 443, 0, ipv4Key(10, 0, 0, 2), peer(1), 12);
  put(one, ESTABLISHED, 1_023, 443, 0, HERE, peer(1), 13);
  expect(one.links(9).map(({ local, portsHeld }) => [local, portsHeld])).toEqual([
    ["10.0.0.1", 1],
    ["10.0.0.2", 1],
    [null, 0],
  ]);
});

test("CLOSE_WAIT stays when the same socket was in it ten seconds ago", () => {
  const first = gather([], new Map(), 1_000);
  put(first, CLOSE_WAIT, 40_000, 443, 0, HERE, peer(1), 11);
  put(first, CLOSE_WAIT, 40_001, 443, 0, HERE, peer(1), 12);
  expect(first.links(1)[0]).toMatchObject({ closeWaitStays: 0 });
  const second = gather([], first.followed, 11_000);
  put(second, CLOSE_WAIT, 40_000, 443, 0, HERE, peer(1), 11);
  put(second, CLOSE_WAIT, 40_002, 443, 0, HERE, peer(1), 13);
  expect(second.links(1)[0]).toMatchObject({ closeWaitStays: 1, states: { close_wait: 2 } });
});

test("however many peers and ports there are, no socket is lost, and what is told is bounded", () => {
  const socket = fc.record({
    state: fc.constantFrom(ESTABLISHED, TIME_WAIT, CLOSE_WAIT),
    local: fc.integer({ min: 32_768, max: 60_999 }),
    remote: fc.integer({ min: 80, max: 95 }),
    leftMs: fc.integer({ min: 0, max: 60_000 }),
    peer: fc.integer({ min: 1, max: 250 }),
  });
  fc.assert(
    fc.property(fc.array(socket, { maxLength: 400 }), fc.integer({ min: 1, max: 20 }), (sockets, most) => {
      const one = gather();
      for (const { state, local, remote, leftMs, peer: last } of sockets)
        put(one, state, local, remote, leftMs, HERE, peer(last), 0);
      const links = one.links(most);
      expect(links.length).toBeLessThanOrEqual(2 * most + 1);
      const total = (of: (link: (typeof links)[number]) => number): number =>
        links.reduce((sum, link) => sum + of(link), 0);
      expect(total(({ states }) => Object.values(states).reduce((sum, count) => sum + count, 0))).toBe(sockets.length);
      expect(total(({ closedAgo }) => closedAgo.reduce((sum, count) => sum + count, 0))).toBe(
        sockets.filter(({ state }) => state === TIME_WAIT).length,
      );
    }),
    { numRuns: 50 },
  );
});

test("beyond the most links, sockets of different peers hold no ports together", () => {
  const one = gather();
  for (let n = 0; n < 50_000; n++)
    put(one, ESTABLISHED, 40_000, 443, 0, HERE, ipv4Key(10, 1, Math.floor(n / 250), n % 250), 0);
  const links = one.links(30);
  const others = links.filter((link) => link.peer === null);
  expect(others).toHaveLength(1);
  expect(others[0]).toMatchObject({ portsHeld: null, states: { established: 49_970 } });
});

test("a service whose port lies inside of the range is one link, by the port that recurs", () => {
  const one = gather();
  for (let n = 0; n < 500; n++) put(one, TIME_WAIT, 33_000 + n, 50_051, 30_000, HERE, peer(1), 0);
  for (let n = 0; n < 400; n++) put(one, TIME_WAIT, 50_052, 33_000 + n, 30_000, HERE, peer(2), 0);
  expect(one.links(9)).toMatchObject([
    { side: "client", peer: "10.0.1.1", port: 50_051, portsHeld: 500 },
    { side: "server", peer: "10.0.1.2", port: 50_052, portsHeld: 0 },
  ]);
});
