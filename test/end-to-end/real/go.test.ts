import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { expect, test } from "vitest";
import { ROOT } from "../../support/bench.js";
import { expectLinkAsSeen, expectTold, runReal } from "../../support/real.js";
import { withBackend } from "../../support/real-services.js";
import { skipUnlessInstalled } from "../../support/skip.js";
import { temporaryFolder } from "../../support/temporary.js";

const REQUESTS = 400;
const CONNECTIONS = 20;
const IDLE = `-idle ${CONNECTIONS}`;

/** Without a module, so that nothing is looked for in the network. */
function built(folder: string): string {
  const binary = join(folder, "go_service");
  const source = join(ROOT, "test/fixtures/real/go_service.go");
  execFileSync("go", ["build", "-o", binary, source], { env: { ...process.env, GO111MODULE: "off" } });
  return binary;
}

/** Since 1.27 Go reads a small rest of a body by itself. */
function readsRests(): boolean {
  return Number(/go1\.(\d+)/u.exec(execFileSync("go", ["version"], { encoding: "utf8" }))?.[1]) >= 27;
}

interface Counts {
  accepted: number;
  made: number;
  reused: number;
}

test("a Go service that leaves MaxIdleConnsPerHost at Go's 2, or does not read bodies, as httptrace, ConnState and ss count", async (context) => {
  skipUnlessInstalled(context, "go", "ss");
  const binary = built(temporaryFolder());
  const go = (flags: string): string => `exec ${binary} -listen {host}:{port} -backend http://{backend}:9000/ ${flags}`;
  const run = await runReal({
    files: ["backend.cjs"],
    // Answers that come one by one find one of the two places free.
    lab: withBackend(CONNECTIONS),
    hosts: ["client", "server", "backend"],
    load: { connections: CONNECTIONS, requests: REQUESTS },
    commands: {
      base: go(IDLE),
      innocent: go(`${IDLE} -size 20000`),
    },
    faults: { two: go(""), unread: go(`${IDLE} -drain=false`) },
    asks: {
      service: { on: "server", command: "cat go.json" },
      backend: { on: "backend", command: "cat backend.json" },
    },
  });
  for (const side of Object.values(run.sides)) {
    const [before, after] = side.said("service", (text) => JSON.parse(text) as Counts);
    const accepted = after.accepted - before.accepted;
    expectLinkAsSeen(side, { from: "client", to: "server", port: 8_080, accepted });
    const made = after.made - before.made;
    expect(made + after.reused - before.reused).toBe(REQUESTS);
    const [had, has] = side.said("backend", (text) => JSON.parse(text) as Record<"connections", number>);
    const connections = has.connections - had.connections;
    // Go dials while it waits for one that is in use, and may come to use that first: what it has dialled lies idle.
    expect(connections).toBeGreaterThanOrEqual(made);
    expectLinkAsSeen(side, { from: "server", to: "backend", port: 9_000, accepted: connections });
  }
  const link = { from: "server", to: "backend" };
  const { two, unread } = run.sides;
  // Two of twenty may wait for the next request; how many of the others close is chance.
  const perRequest = two.figure("links.server.backend.perRequest");
  expect(perRequest).toBeGreaterThanOrEqual(0.1);
  expect(two.findings).toMatchObject(perRequest < 0.5 ? [] : [{ code: "link-churns", link }]);
  if (!readsRests()) expect(unread.findings).toMatchObject([{ code: "link-churns", link }]);
  await expectTold(run, {
    two: /^worse: server opens [01]\.\d+ connections per request to backend, base 0\.0/u,
    ...(!readsRests() && { unread: /^worse: server opens 1\.00 connections per request to backend, base 0\.0/u }),
  });
});
