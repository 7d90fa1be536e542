import { beforeAll, describe, expect, test } from "vitest";
import type { LoadBooks } from "../../src/client/types.js";
import type { LoadPlan } from "../../src/scenario/types.js";
import { decode, summarize } from "../../src/stats/histogram.js";
import { BUILD_MS, builtClient } from "./go/load.js";
import { CLOSE, sum } from "./load.js";
import { PACED } from "./paced.js";
import { answerAsAsked, OK, type RawRequest, startServer } from "./servers.js";

function pausing(ms: number, batch: number | null = null): Pick<LoadPlan, "pauses"> {
  return { pauses: { thinkMs: { from: ms, to: ms }, batch, seed: 1 } };
}

beforeAll(builtClient, BUILD_MS);

/** When each request came, and when it was answered. */
function watching(answer: (request: RawRequest) => void = answerAsAsked) {
  const came: number[] = [];
  const answered: number[] = [];
  const answers = (request: RawRequest): void => {
    came.push(performance.now());
    answered.push(performance.now());
    answer(request);
  };
  return { came, answered, answers };
}

describe.each(PACED)("the client $name with pauses", ({ run: runClient }) => {
  const run: typeof runClient = async (...args): Promise<LoadBooks> => {
    const load = await runClient(...args);
    expect(load.requests.sent).toBe(load.requests.succeeded + load.requests.failed);
    expect(sum(load.connections.closed)).toBe(load.connections.opened);
    expect(load.pace).toBeNull();
    return load;
  };

  test("lets each pause pass between an answer and the next request, on one connection, and counts it in no latency", async () => {
    const { came, answered, answers } = watching();
    const server = await startServer(answers);
    const load = await run(server.target, { ...pausing(60), connections: 1, requests: 5 });
    expect(load.requests).toEqual({ sent: 5, succeeded: 5, failed: 0 });
    for (let nth = 1; nth < 5; nth++) expect(came[nth]! - answered[nth - 1]!).toBeGreaterThan(59);
    expect(server.connections).toBe(1);
    expect(summarize(decode(load.latencyHistogram!))!.p50).toBeLessThan(60_000);
  });

  test("makes no more requests than the pauses leave time for", async () => {
    const server = await startServer(answerAsAsked);
    const load = await run(server.target, { ...pausing(100), connections: 3, durationMs: 350 });
    expect(load.requests.failed).toBe(0);
    expect(load.requests.sent).toBeLessThanOrEqual(3 * 4);
    expect(load.requests.sent).toBeGreaterThanOrEqual(3);
  });

  test("begins no batch before the last answer of the one before, and its pause", async () => {
    const early: number[] = [];
    let lastAnswerMs = 0;
    const held = ({ socket }: RawRequest): void => {
      const nth = server.heads.length;
      if (nth > 6 && nth % 6 === 1) expect(performance.now() - lastAnswerMs).toBeGreaterThan(49);
      if (nth % 6 !== 0) return void socket.write(OK);
      // The last of six is held back: nobody may come meanwhile.
      setTimeout(() => {
        if (server.heads.length !== nth) early.push(nth);
        lastAnswerMs = performance.now();
        socket.write(OK);
      }, 60);
    };
    const server = await startServer(held);
    const load = await run(server.target, { ...pausing(50, 6), connections: 3, requests: 18 });
    expect(load.requests).toEqual({ sent: 18, succeeded: 18, failed: 0 });
    expect(early).toEqual([]);
    // A pool may dial for a request that then takes another's connection.
    expect(load.connections.opened).toBeLessThanOrEqual(6);
  });

  test("opens a connection again that the server has closed in the pause, and loses no request", async () => {
    const server = await startServer(({ socket }) => {
      socket.write(OK);
      setTimeout(() => socket.end(), 10);
    });
    const load = await run(server.target, { ...pausing(120), connections: 2, requests: 6 });
    expect(load.requests).toEqual({ sent: 6, succeeded: 6, failed: 0 });
    // A busy server may close after the pause, which is another matter.
    expect(load.connections.opened).toBeGreaterThan(2);
    expect(load.connections.opened).toBeLessThanOrEqual(6);
  });

  test("pauses between the connections of a close load too", async () => {
    const { came, answered, answers } = watching();
    const server = await startServer(answers);
    const load = await run(server.target, { ...pausing(50), ...CLOSE, connections: 1, requests: 3 });
    expect(load.connections).toMatchObject({ opened: 3, closed: { client: 0, server: 3, reset: 0 } });
    expect(came[2]! - answered[1]!).toBeGreaterThan(49);
  });

  test("ends in the midst of a pause when its time is over", async () => {
    const server = await startServer(answerAsAsked);
    const load = await run(server.target, { ...pausing(60_000), connections: 2, durationMs: 200 });
    expect(load.requests).toEqual({ sent: 2, succeeded: 2, failed: 0 });
    expect(load.connections.closed.client).toBe(load.connections.opened);
  });

  test("ends in the midst of a pause when it is told to", async () => {
    const stop = new AbortController();
    const server = await startServer((request) => {
      answerAsAsked(request);
      setTimeout(() => stop.abort(), 100);
    });
    const load = await run(server.target, { ...pausing(60_000, 4), connections: 2, durationMs: 60_000 }, stop.signal);
    expect(load.requests).toEqual({ sent: 4, succeeded: 4, failed: 0 });
  });
});
