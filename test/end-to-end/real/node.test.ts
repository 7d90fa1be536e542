import { expect, test } from "vitest";
import { expectLinkAsSeen, expectTold, runReal } from "../../support/real.js";
import { nodeService, WITH_BACKEND } from "../../support/real-services.js";
import { skipUnlessInstalled } from "../../support/skip.js";

const REQUESTS = 80;

test("a Node service whose agent loses `keepAlive`, as its backend's 'connection' events and ss count", async (context) => {
  skipUnlessInstalled(context, "ss");
  const run = await runReal({
    files: ["node_service.cjs", "backend.cjs", "ask.cjs"],
    lab: WITH_BACKEND,
    hosts: ["client", "server", "backend"],
    load: { connections: 4, requests: REQUESTS },
    commands: {
      base: nodeService({ keepAlive: true }),
      head: nodeService({}),
      innocent: nodeService({ keepAlive: true }, 20_000),
    },
    asks: { backend: { on: "backend", command: "node ask.cjs backend.sock /" } },
  });
  for (const side of Object.values(run.sides)) {
    const [had, has] = side.said("backend", (text) => JSON.parse(text) as Record<"connections" | "requests", number>);
    expect(has.requests - had.requests).toBe(REQUESTS);
    const accepted = has.connections - had.connections;
    expectLinkAsSeen(side, { from: "server", to: "backend", port: 9_000, accepted });
  }
  expect(run.sides.head.figure("links.server.backend.opened")).toBe(REQUESTS);
  expect(run.sides.head.findings).toMatchObject([{ code: "link-churns", link: { from: "server", to: "backend" } }]);
  for (const side of ["base", "innocent"] as const) expect(run.sides[side].findings).toEqual([]);
  await expectTold(run, /^worse: server opens 1\.00 connections per request to backend, base 0\.0\d+/u);
});
