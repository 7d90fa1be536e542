import { describe, expect, test } from "vitest";
import { autocannonClient } from "../../src/client/autocannon/client.js";
import type { CloseReport, LoadReport, LoadTarget } from "../../src/client/types.js";
import { undiciClient } from "../../src/client/undici/client.js";
import type { LoadPlan } from "../../src/scenario/types.js";
import { runEpoll } from "./epoll/load.js";
import { BUILD_MS, runGo } from "./go/load.js";
import { CLOSE, runLoad, sum } from "./load.js";
import { answerAsAsked, OK, OK_AND_CLOSE, type RawRequest, startServer } from "./servers.js";

interface Ended extends Pick<LoadReport, "requests" | "connections"> {
  closings: CloseReport;
}
type Changes = Partial<Omit<LoadPlan, "sockets" | "go">>;

const CLIENTS = {
  epoll: (target: LoadTarget, changes: Changes) => runEpoll(target, changes),
  undici: (target: LoadTarget, changes: Changes) => runLoad(undiciClient, target, changes),
  autocannon: (target: LoadTarget, changes: Changes) => runLoad(autocannonClient, target, changes),
  go: (target: LoadTarget, changes: Changes) => runGo(target, changes),
};
type Client = keyof typeof CLIENTS;
const ALL = Object.keys(CLIENTS) as Client[];
/** Those that keep a pace, and so leave connections idle. */
const PACED = ["epoll", "undici"] as const;

/** Each connection ended for one cause, whatever the server does. */
async function endsOf(client: Client, target: LoadTarget, changes: Changes): Promise<Ended> {
  const { requests, connections, closings } = await CLIENTS[client](target, changes);
  expect(sum(closings!.causes)).toBe(sum(connections.closed));
  expect(sum(closings!.causes)).toBe(connections.opened);
  return { requests, connections, closings: closings! };
}

/**
 * Go's transport opens a connection for a request that then takes another one that came free, now and then; one too many
 * for its pool of idle ones ends there, whatever the test is about.
 */
function causesOf(client: Client, { causes }: Ended["closings"]): Partial<Ended["closings"]["causes"]> {
  const { "idle-pool": spare = 0, ...others } = causes;
  return client === "go" && spare > 0 ? others : causes;
}

/** So many requests a second, at even distances. */
const every = (perSec: number, durationMs: number) => ({
  pace: { arrivals: "constant" as const, seed: 1, stages: [{ durationMs, fromPerSec: perSec, toPerSec: perSec }] },
  durationMs,
});

function always(value: number): { min: number; median: number; max: number } {
  return { min: value, median: value, max: value };
}

describe.each(ALL)("with the client %s a connection ended, because", { timeout: BUILD_MS }, (client) => {
  test("the request asked for it", async () => {
    const server = await startServer(answerAsAsked);
    const { closings } = await endsOf(client, server.target, { ...CLOSE, requests: 20 });
    expect(Object.keys(causesOf(client, closings))).toEqual(["asked"]);
    expect(closings).toMatchObject({ after: { answer: null, idle: null, stale: null }, stale: 0, repeated: 0 });
  });

  test("the answer to each request says so", async () => {
    const server = await startServer(({ socket }) => socket.end(OK_AND_CLOSE));
    const { closings } = await endsOf(client, server.target, { requests: 20 });
    expect(Object.keys(causesOf(client, closings))).toEqual(["answer"]);
    expect(closings).toMatchObject({ after: { answer: { requests: always(1) } }, stale: 0 });
  });

  test("the answer to each 5th request says so, and the server closes", async () => {
    const server = await startServer(({ socket, nth }) =>
      nth % 5 === 0 ? socket.end(OK_AND_CLOSE) : socket.write(OK),
    );
    const { closings } = await endsOf(client, server.target, { connections: 2, requests: 60 });
    expect(closings.after.answer?.requests).toEqual(always(5));
    const { "end-of-load": rest = 0, ...others } = causesOf(client, closings);
    expect({ rest: rest <= 2, others: Object.keys(others), stale: closings.stale }).toEqual({
      rest: true,
      others: ["answer"],
      stale: 0,
    });
  });

  test("an answer of HTTP/1.0 that says nothing does not last", async () => {
    const server = await startServer(({ socket }) => socket.end(OK.replace("1.1", "1.0")));
    const { closings } = await endsOf(client, server.target, { requests: 6 });
    expect(Object.keys(causesOf(client, closings))).toEqual(["answer"]);
  });

  test.each([
    ["closes", "mid-request", ({ socket }: RawRequest) => socket.end()],
    ["resets", "reset", ({ socket }: RawRequest) => socket.resetAndDestroy()],
  ])("the server %s it under a request, which was stale where others had been served", async (_, cause, end) => {
    const server = await startServer((request) => (request.nth === 3 ? end(request) : request.socket.write(OK)));
    const { requests, closings } = await endsOf(client, server.target, { connections: 1, requests: 9 });
    expect(closings.causes[cause as "reset"]).toBeGreaterThanOrEqual(3);
    expect(closings.after.stale?.requests).toEqual(always(2));
    expect(closings.stale).toBe(closings.causes[cause as "reset"]);
    expect(closings.stale).toBe(requests.failed);
    // net/http sends a request once more that was lost so.
    expect(closings.repeated).toBe(client === "go" ? requests.failed : 0);
  });

  test("the server closes it under a first request, or in the midst of an answer: none of them was stale", async () => {
    const first = await startServer(({ socket }) => socket.end());
    const never = await endsOf(client, first.target, { connections: 1, requests: 4 });
    expect(never.closings).toMatchObject({ causes: { "mid-request": never.connections.opened }, stale: 0 });
    const cut = await startServer(({ socket, nth }) => (nth === 1 ? socket.write(OK) : socket.end(OK.slice(0, 50))));
    const half = await endsOf(client, cut.target, { connections: 1, requests: 6 });
    expect(half.closings).toMatchObject({ causes: { "mid-request": 3 }, stale: 0 });
  });

  test("the client gave it up: for a timeout, or for what is not HTTP", async () => {
    const silent = await startServer(() => {});
    const late = await endsOf(client, silent.target, { connections: 2, requests: 4, timeoutMs: 200 });
    expect(late.closings.causes).toEqual({ timeout: late.connections.opened });
    const odd = await startServer(({ socket }) => socket.write("This is not HTTP.\r\n\r\n"));
    const broken = await endsOf(client, odd.target, { connections: 1, requests: 3 });
    expect(Object.keys(causesOf(client, broken.closings))).toEqual(["malformed"]);
  });

  test("the load is over", async () => {
    const server = await startServer(answerAsAsked);
    const { closings } = await endsOf(client, server.target, { connections: 3, durationMs: 300 });
    expect(causesOf(client, closings)).toEqual({ "end-of-load": 3 });
  });
});

describe.each(PACED)("with the client %s a connection ended, because", (client) => {
  test("the server closes it as idle, after so long", async () => {
    const server = await startServer(({ socket }) => {
      socket.write(OK);
      setTimeout(() => socket.end(), 60);
    });
    const load = await endsOf(client, server.target, { connections: 1, requests: 4, ...every(2, 4000) });
    const { causes, after, stale } = load.closings;
    const { idle = 0, "end-of-load": rest = 0 } = causes;
    expect({ ended: idle + rest, stale, failed: load.requests.failed }).toEqual({ ended: 4, stale: 0, failed: 0 });
    expect(idle).toBeGreaterThanOrEqual(3);
    expect(after.idle!.requests).toEqual(always(1));
    expect(after.idle!.idleMs.min).toBeGreaterThan(0);
    expect(after.idle!.idleMs.max).toBeLessThan(500);
  });

  test("it has carried as many requests as the scenario says", async () => {
    const server = await startServer(answerAsAsked);
    const limit = { connections: 1, requests: 12, requestsPerConnection: 3 };
    expect((await endsOf(client, server.target, limit)).closings.causes).toEqual({ "client-limit": 4 });
    const asking = await endsOf(client, server.target, { ...limit, closer: "server" });
    expect(asking.closings.causes).toEqual({ asked: 4 });
  });
});

test("undici closes an idle connection before the server would, as the server's hint says", async () => {
  const server = await startServer(({ socket }) =>
    socket.write(OK.replace("\r\n\r\n", "\r\nKeep-Alive: timeout=1\r\n\r\n")),
  );
  const { closings } = await endsOf("undici", server.target, { connections: 1, requests: 3, ...every(0.8, 4000) });
  expect(closings.causes["client-idle"]).toBeGreaterThanOrEqual(2);
  expect(closings.after["client-idle"]?.requests).toEqual(always(1));
});

describe("a service in Go closes a connection, because", { timeout: BUILD_MS }, () => {
  test("it has not read the body", async () => {
    const server = await startServer(answerAsAsked);
    const { closings, connections } = await runGo(server.target, { requests: 10, go: { drain: false } });
    expect(closings!.causes).toEqual({ "body-unread": connections.opened });
  });

  test("its pool keeps no connection, or not as many", async () => {
    const server = await startServer(answerAsAsked);
    const none = await runGo(server.target, { requests: 10, go: { idleConnections: 0 } });
    expect(none.closings!.causes).toEqual({ "idle-pool": none.connections.opened });
    const one = await runGo(server.target, { connections: 8, durationMs: 300, go: { idleConnections: 1 } });
    const { "idle-pool": refused = 0, "end-of-load": rest = 0 } = one.closings!.causes;
    expect(refused).toBeGreaterThan(0);
    expect(refused + rest).toBe(one.connections.opened);
  });

  test("it is to close each one itself", async () => {
    const server = await startServer(answerAsAsked);
    const { closings } = await runGo(server.target, { ...CLOSE, closer: "client", requests: 10 });
    expect(closings!.causes).toEqual({ "client-limit": 10 });
  });
});

test("with the client epoll a RST ends connections that the client is to reset", async () => {
  const server = await startServer(answerAsAsked);
  const reset = { connections: 1, requests: 12, requestsPerConnection: 3, closer: "reset" } as const;
  expect((await endsOf("epoll", server.target, reset)).closings.causes).toEqual({ "client-limit": 4 });
});
