import { describe, expect, test } from "vitest";
import { undiciClient } from "../../../src/client/undici/client.js";
import type { PacePlan } from "../../../src/scenario/types.js";
import { runLoad } from "../load.js";
import { constant, expectKept } from "../paced.js";
import { OK, startServer } from "../servers.js";

/** What is of this client alone; the rest stands in ../pace.test.ts. */
describe("with a pace", () => {
  test("opens a connection again that the server has closed while nothing was on it", async () => {
    const server = await startServer(({ socket }) => {
      socket.write(OK);
      setTimeout(() => socket.end(), 5);
    });
    const load = await runLoad(undiciClient, server.target, { ...constant(20, 500), connections: 2 });
    expectKept(load, 10);
    const { sent } = load.requests;
    expect(load.connections).toMatchObject({ opened: sent, closed: { client: 0, server: sent, reset: 0 } });
  });

  test("has never more than one request on a slot whose idle connection the server has closed", async () => {
    let answers = 0;
    const server = await startServer(({ socket }) =>
      setTimeout(() => {
        socket.write(OK);
        if (++answers <= 4) setTimeout(() => socket.end(), 2);
      }, 30),
    );
    // First with time to close between two requests, then with more of them than one connection can take.
    const stages = [
      { durationMs: 300, fromPerSec: 20, toPerSec: 20 },
      { durationMs: 200, fromPerSec: 60, toPerSec: 60 },
    ];
    const pace: PacePlan = { arrivals: "constant", stages, seed: 1 };
    const load = await runLoad(undiciClient, server.target, { pace, durationMs: 500, connections: 1 });
    // Of two requests on a slot only one would ever have an outcome.
    expect(load.errors).not.toHaveProperty("unfinished");
    expect(load.requests.sent + (load.pace?.unsent ?? 0)).toBe(18);
    expect(load.mostSockets).toBe(1);
  });
});
