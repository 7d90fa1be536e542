import { expect, test } from "vitest";
import { expectLinkAsSeen, expectTold, runReal } from "../../support/real.js";
import { GTHREAD, gunicorn } from "../../support/real-services.js";
import { skipUnlessInstalled } from "../../support/skip.js";

const REQUESTS = 80;
test("gunicorn's sync workers close each connection that its threads keep, as its access log and ss count", async (context) => {
  skipUnlessInstalled(context, "gunicorn", "ss");
  const run = await runReal({
    files: ["wsgi_app.py"],
    lab: { topology: "two-hosts" },
    hosts: ["client", "server"],
    load: { connections: 4, requests: REQUESTS },
    commands: {
      base: gunicorn(GTHREAD),
      innocent: gunicorn(GTHREAD, 20_000),
    },
    faults: { sync: gunicorn("--worker-class sync --workers 2") },
    asks: { log: { on: "server", command: "cat access.log" } },
  });
  for (const side of Object.values(run.sides)) {
    const [before, after] = side.said("log", (text) => text.match(/port=\d+/gu) ?? []);
    const lines = after.slice(before.length);
    expect(lines).toHaveLength(REQUESTS);
    expectLinkAsSeen(side, { from: "client", to: "server", port: 8_080, accepted: new Set(lines).size });
  }
  const { base, sync, innocent } = run.sides;
  // The client closes as well once it has read `Connection: close`: who is first is the scheduler's choice.
  const created = (side: "client" | "server"): number => sync.figure(`timeWait.${side}.created`);
  expect(created("client") + created("server")).toBeGreaterThanOrEqual(REQUESTS);
  // Where both send their FIN before they see the other's, both keep one (RFC 9293, 3.6: simultaneous close).
  expect(Math.max(created("client"), created("server"))).toBeLessThanOrEqual(REQUESTS);
  expect(base.figure("timeWait.server.created") + innocent.figure("timeWait.server.created")).toBe(0);
  expect(sync.findings).toMatchObject([
    {
      code: "closer-cause",
      figures: { cause: "answer", count: REQUESTS },
      text: "the server refuses keep-alive: it answered Connection: close to each request in load",
      remedy: expect.stringContaining("gthread") as string,
    },
  ]);
  await expectTold(run, { sync: /^worse: opens 1\.00 connections per request, base 0\.0\d+/u });
});
