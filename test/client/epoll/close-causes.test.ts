import { describe, expect, test } from "vitest";
import { CLOSE } from "../load.js";
import { answerAsAsked, OK, OK_AND_CLOSE, type RawRequest, startServer } from "../servers.js";
import { runEpoll } from "./load.js";

/** So many requests a second, at even distances. */
const every = (perSec: number, durationMs: number) => ({
  pace: { arrivals: "constant" as const, seed: 1, stages: [{ durationMs, fromPerSec: perSec, toPerSec: perSec }] },
  durationMs,
});

describe("why a connection ended", () => {
  test("the request asked for it", async () => {
    const server = await startServer(answerAsAsked);
    const { closings } = await runEpoll(server.target, { ...CLOSE, requests: 20 });
    expect(closings).toEqual({ causes: { asked: 20 }, after: NOTHING, stale: 0, repeated: 0 });
  });

  test("the answer to each request says so", async () => {
    const server = await startServer(({ socket }) => socket.end(OK_AND_CLOSE));
    const { closings } = await runEpoll(server.target, { requests: 20 });
    expect(closings).toMatchObject({ causes: { answer: 20 }, after: { answer: { requests: always(1) } }, stale: 0 });
  });

  test("the answer to each 5th request says so, whoever closes first", async () => {
    const server = await startServer(({ socket, nth }) => socket.write(nth % 5 === 0 ? OK_AND_CLOSE : OK));
    const { connections, closings } = await runEpoll(server.target, { connections: 1, requests: 20 });
    expect(connections.closed).toEqual({ client: 4, server: 0, reset: 0 });
    expect(closings).toMatchObject({ causes: { answer: 4 }, after: { answer: { requests: always(5) } } });
  });

  test("an answer of HTTP/1.0 that says nothing does not last", async () => {
    const server = await startServer(({ socket }) => socket.end(OK.replace("1.1", "1.0")));
    const { closings } = await runEpoll(server.target, { requests: 6 });
    expect(closings?.causes).toEqual({ answer: 6 });
  });

  test("the server closes it as idle, after so long", async () => {
    const server = await startServer(({ socket }) => {
      socket.write(OK);
      setTimeout(() => socket.end(), 60);
    });
    const load = await runEpoll(server.target, { connections: 1, requests: 4, ...every(2, 4000) });
    const { causes, after, stale } = load.closings!;
    expect({ causes, stale, failed: load.requests.failed }).toEqual({
      causes: { idle: 3, "end-of-load": 1 },
      stale: 0,
      failed: 0,
    });
    expect(after.idle!.requests).toEqual(always(1));
    expect(after.idle!.idleMs.min).toBeGreaterThan(0);
    expect(after.idle!.idleMs.max).toBeLessThan(500);
  });

  test.each([
    ["closes", "mid-request", ({ socket }: RawRequest) => socket.end()],
    ["resets", "reset", ({ socket }: RawRequest) => socket.resetAndDestroy()],
  ])("the server %s a connection that has served others: the request on it was stale", async (_, cause, end) => {
    const server = await startServer((request) => (request.nth === 3 ? end(request) : request.socket.write(OK)));
    const { closings } = await runEpoll(server.target, { connections: 1, requests: 9 });
    expect(closings).toMatchObject({ causes: { [cause]: 3 }, stale: 3, after: { stale: { requests: always(2) } } });
  });

  test("a first request that is not answered, or an answer that is cut short, is not stale", async () => {
    const server = await startServer(({ socket, nth }) => socket.end(nth === 1 ? "" : OK.slice(0, 30)));
    const first = await runEpoll(server.target, { connections: 1, requests: 5 });
    expect(first.closings).toMatchObject({ causes: { "mid-request": 5 }, stale: 0 });
    const cut = await startServer(({ socket, nth }) => (nth === 1 ? socket.write(OK) : socket.end(OK.slice(0, 30))));
    const second = await runEpoll(cut.target, { connections: 1, requests: 6 });
    expect(second.closings).toMatchObject({ causes: { "mid-request": 3 }, stale: 0 });
  });

  test("the client's own limit, timeout, or what is not HTTP", async () => {
    const server = await startServer(answerAsAsked);
    const limit = await runEpoll(server.target, { connections: 1, requests: 12, requestsPerConnection: 3 });
    expect(limit.closings?.causes).toEqual({ "client-limit": 4 });
    const silent = await startServer(() => {});
    const late = await runEpoll(silent.target, { connections: 2, requests: 4, timeoutMs: 50 });
    expect(late.closings?.causes).toEqual({ timeout: 4 });
    const odd = await startServer(({ socket }) => socket.write("HTTP/9\r\n\r\n"));
    const broken = await runEpoll(odd.target, { connections: 1, requests: 3 });
    expect(broken.closings?.causes).toEqual({ malformed: 3 });
  });

  test("the load is over", async () => {
    const server = await startServer(answerAsAsked);
    const busy = await runEpoll(server.target, { connections: 3, durationMs: 100 });
    expect(busy.closings?.causes).toEqual({ "end-of-load": 3 });
    const rests = await runEpoll(server.target, { connections: 2, ...every(40, 200) });
    expect(Object.keys(rests.closings!.causes)).toEqual(["end-of-load"]);
  });
});

const NOTHING = { answer: null, idle: null, "client-idle": null, stale: null };

function always(value: number): { min: number; median: number; max: number } {
  return { min: value, median: value, max: value };
}
