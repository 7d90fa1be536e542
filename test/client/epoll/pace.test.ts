import { describe, expect, test } from "vitest";
import { constant, expectKept } from "../paced.js";
import { answerAsAsked, OK, startServer } from "../servers.js";
import { runEpoll } from "./load.js";

/** What is of this client alone; the rest stands in ../pace.test.ts. */
describe("with a pace", () => {
  test("threads together make exactly as many requests as the rate calls for, over connections that they keep", async () => {
    const server = await startServer(answerAsAsked);
    const load = await runEpoll(server.target, { ...constant(200, 500), connections: 4, sockets: { threads: 2 } });
    expectKept(load, 100);
    expect(load.connections.opened).toBe(4);
    expect(load.connections.closed).toEqual({ client: 4, server: 0, reset: 0 });
    expect(load.endedAtMs - load.startedAtMs).toBeCloseTo(500, -1);
  });

  test("no request begins before it was meant to", async () => {
    const timesMs: number[] = [];
    const server = await startServer((request) => {
      timesMs.push(Number(process.hrtime.bigint()) / 1e6);
      answerAsAsked(request);
    });
    const load = await runEpoll(server.target, { ...constant(400, 300), connections: 2 });
    const early = timesMs.filter((atMs, nth) => atMs < load.startedAtMs + nth * 2.5);
    expect(early).toEqual([]);
    expect(timesMs.length).toBe(load.requests.sent);
  });

  test("opens a connection again that the server has closed, or reset, while nothing was on it", async () => {
    const server = await startServer(({ socket, nth }) => {
      socket.write(OK);
      setTimeout(() => (nth % 2 === 0 ? socket.end() : socket.resetAndDestroy()), 5);
    });
    const load = await runEpoll(server.target, { ...constant(20, 500), connections: 2 });
    expectKept(load, 10);
    expect(load.connections.opened).toBe(load.requests.sent);
  });

  test("resets what is left at the end when it is to reset", async () => {
    const server = await startServer(answerAsAsked);
    const load = await runEpoll(server.target, { ...constant(100, 200), connections: 2, closer: "reset" });
    expect(load.connections.closed).toEqual({ client: 0, server: 0, reset: 2 });
  });
});
