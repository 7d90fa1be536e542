import type { Socket } from "node:net";
import { describe, expect, test } from "vitest";
import type { SocketPlan } from "../../../src/scenario/types.js";
import { CLOSE } from "../load.js";
import { answerAsAsked, OK_AND_CLOSE, type RawRequest, startServer, type TestServer } from "../servers.js";
import { runEpoll } from "./load.js";

/** In net.ipv4.ip_local_port_range, unless somebody has changed that. */
const INSIDE = { low: 47_100, high: 47_103 };
const OUTSIDE = { low: 20_500, high: 20_503 };
/** One connection at a time over ports that TIME_WAIT, at the client, does not take away. */
const ONE_BY_ONE = { ...CLOSE, connections: 1 } as const;

interface Seen {
  server: TestServer;
  sockets: Socket[];
  /** `from > to` of each connection, in the order of their coming. */
  routes: string[];
  ports: Set<number>;
}

/** Sees the connections of a server that answers as the test says. */
async function watch(host = "127.0.0.1", answer: (request: RawRequest) => void = answerAsAsked): Promise<Seen> {
  const seen: Omit<Seen, "server"> = { sockets: [], routes: [], ports: new Set() };
  const server = await startServer(
    (request) => {
      const { socket } = request;
      seen.sockets.push(socket);
      seen.routes.push(`${socket.remoteAddress} > ${socket.localAddress}`);
      seen.ports.add(socket.remotePort!);
      answer(request);
    },
    { host },
  );
  return { server, ...seen };
}

describe("addresses", () => {
  test("are taken in turn, sources and destinations in every pair", async () => {
    const { server, routes } = await watch("0.0.0.0");
    const load = await runEpoll(server.target, {
      ...ONE_BY_ONE,
      requests: 12,
      sockets: {
        sourceAddresses: ["127.0.0.2", "127.0.0.3"],
        destinationAddresses: ["127.0.0.1", "127.0.0.4", "127.0.0.5"],
      },
    });
    expect(load.requests.succeeded).toBe(12);
    const pairs = ["1", "4", "5"].flatMap((to) => ["2", "3"].map((from) => `127.0.0.${from} > 127.0.0.${to}`));
    expect(routes).toEqual([...pairs, ...pairs]);
  });

  test("may be of IPv6", async () => {
    const { server, routes } = await watch("::1");
    const load = await runEpoll(server.target, { ...CLOSE, requests: 9 });
    expect(load.requests).toEqual({ sent: 9, succeeded: 9, failed: 0 });
    expect(new Set(routes)).toEqual(new Set(["::1 > ::1"]));
    expect(server.heads[0]).toContain(`\r\nHost: [::1]:${server.target.port}`);
  });

  test("that this machine does not have fail by the name of the call", async () => {
    const { server } = await watch();
    const load = await runEpoll(server.target, { requests: 2, sockets: { sourceAddresses: ["198.18.77.77"] } });
    expect(load.errors).toEqual({ EADDRNOTAVAIL: 2 });
    expect(load.errorsByCall).toEqual({ "bind EADDRNOTAVAIL": 2 });
    expect(load.connections).toMatchObject({ opened: 0, failed: 2 });
  });
});

describe.each([
  ["by the kernel", INSIDE],
  ["one after the other, where the kernel would not", OUTSIDE],
])("a range of local ports, kept to %s", (_, localPorts) => {
  const { low, high } = localPorts;

  const kinds: [string, Partial<SocketPlan>][] = [
    ["127.0.0.1", {}],
    ["127.0.0.1", { sourceAddresses: ["127.0.0.6"] }],
    ["127.0.0.1", { sourceAddresses: ["127.0.0.7"], bind: "early" }],
    ["::1", {}],
  ];
  test.each(kinds)("holds for connections to %s with %j", async (host, sockets) => {
    const { server, ports } = await watch(host);
    const load = await runEpoll(server.target, {
      ...ONE_BY_ONE,
      closer: "reset",
      requests: 30,
      sockets: { localPorts, ...sockets },
    });
    expect(load.requests.succeeded).toBe(30);
    expect(Math.min(...ports)).toBeGreaterThanOrEqual(low);
    expect(Math.max(...ports)).toBeLessThanOrEqual(high);
  });
});

describe("more connections than ports", () => {
  const held = ({ socket }: RawRequest): void => void setTimeout(() => socket.end(OK_AND_CLOSE), 300);
  const plan = { ...CLOSE, closer: "reset", connections: 6, requests: 6 } as const;

  test("fail in connect() with EADDRNOTAVAIL when the kernel chooses the port there", async () => {
    const { server } = await watch("127.0.0.1", held);
    const load = await runEpoll(server.target, { ...plan, sockets: { localPorts: INSIDE } });
    expect(load.requests).toEqual({ sent: 6, succeeded: 4, failed: 2 });
    expect(load.errors).toEqual({ EADDRNOTAVAIL: 2 });
    expect(load.errorsByCall).toEqual({ "connect EADDRNOTAVAIL": 2 });
    expect(load.connections).toMatchObject({ opened: 4, failed: 2 });
  });

  test("fail in bind() with EADDRINUSE when it is chosen there", async () => {
    const { server } = await watch("127.0.0.1", held);
    const load = await runEpoll(server.target, {
      ...plan,
      sockets: { localPorts: INSIDE, bind: "early", sourceAddresses: ["127.0.0.8"] },
    });
    expect(load.errorsByCall).toEqual({ "bind EADDRINUSE": 2 });
  });

  test("are possible towards a second destination, unless the port is bound early", async () => {
    const { server } = await watch("0.0.0.0", held);
    const destinationAddresses = ["127.0.0.1", "127.0.0.9"];
    const late = await runEpoll(server.target, { ...plan, sockets: { localPorts: INSIDE, destinationAddresses } });
    expect(late.requests.succeeded).toBe(6);
    // An address that nobody else binds to: others' TIME_WAIT at one of these ports would be in the way of an early bind.
    const sourceAddresses = ["127.0.0.5"];
    const early = await runEpoll(server.target, {
      ...plan,
      sockets: { localPorts: INSIDE, destinationAddresses, sourceAddresses, bind: "early" },
    });
    expect(early.requests.succeeded).toBe(4);
  });
});

describe("SO_REUSEADDR", () => {
  /** Four ports that no earlier run of this test has left in TIME_WAIT. */
  function freshPorts(): { low: number; high: number } {
    const low = 10_000 + 4 * Math.floor(Math.random() * 2_500);
    return { low, high: low + 3 };
  }

  test("lets ports be bound, and used, that the client itself holds in TIME_WAIT", async () => {
    const { server } = await watch();
    const plan = { ...ONE_BY_ONE, closer: "client", requests: 8 } as const;
    const without = await runEpoll(server.target, { ...plan, sockets: { localPorts: freshPorts() } });
    expect(without.errorsByCall).toEqual({ "bind EADDRINUSE": 4 });
    const sockets = { localPorts: freshPorts(), reuseAddress: true };
    const withIt = await runEpoll(server.target, { ...plan, sockets });
    // connect() takes a port over that was bound before, whatever tcp_tw_reuse says (tcp_twsk_unique, without twp).
    expect(withIt.requests).toEqual({ sent: 8, succeeded: 8, failed: 0 });
  });
});
