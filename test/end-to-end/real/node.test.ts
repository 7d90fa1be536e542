import { expect, test } from "vitest";
import { expectLinkAsSeen, expectTold, runReal } from "../../support/real.js";
import { nodeService, WITH_BACKEND } from "../../support/real-services.js";
import { skipUnlessInstalled } from "../../support/skip.js";

const REQUESTS = 80;

test("a Node service whose agent loses `keepAlive`, as its backend's 'connection' events and ss count", async (context) => {
  skipUnlessInstalled(context, "ss");
  const run = await runReal({
    files: ["node_service.cjs", "backend.cjs"],
    lab: WITH_BACKEND,
    hosts: ["client", "server", "backend"],
    load: { connections: 4, requests: REQUESTS },
    commands: {
      base: nodeService({ keepAlive: true }),
      innocent: nodeService({ keepAlive: true }, 20_000),
    },
    faults: { anew: nodeService({}) },
    asks: { backend: { on: "backend", command: "cat backend.json" } },
  });
  for (const side of Object.values(run.sides)) {
    const [had, has] = side.said("backend", (text) => JSON.parse(text) as Record<"connections" | "requests", number>);
    expect(has.requests - had.requests).toBe(REQUESTS);
    const accepted = has.connections - had.connections;
    expectLinkAsSeen(side, { from: "server", to: "backend", port: 9_000, accepted });
  }
  expect(run.sides.anew.figure("links.server.backend.opened")).toBe(REQUESTS);
  expect(run.sides.anew.findings).toMatchObject([{ code: "link-churns", link: { from: "server", to: "backend" } }]);
  await expectTold(run, { anew: /^worse: server opens 1\.00 connections per request to backend, base 0\.0\d+/u });
});
