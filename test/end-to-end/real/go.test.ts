import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { expect, test } from "vitest";
import { ROOT } from "../../support/bench.js";
import { expectLinkAsSeen, expectTold, runReal } from "../../support/real.js";
import { WITH_BACKEND } from "../../support/real-services.js";
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

test.for([
  // Two of twenty may wait for the next request; how many of the others close is chance.
  [
    "leaves MaxIdleConnsPerHost at Go's 2",
    "",
    0.1,
    /^worse: server opens [01]\.\d+ connections per request to backend, base 0\.0/u,
  ],
  [
    "does not read the answers' bodies",
    `${IDLE} -drain=false`,
    1,
    /^worse: server opens 1\.00 connections per request to backend, base 0\.0/u,
  ],
] as const)(
  "a Go service that %s, as httptrace, ConnState and ss count",
  async ([, options, least, firstLine], context) => {
    skipUnlessInstalled(context, "go", "ss");
    const undrained = least === 1 && readsRests();
    const binary = built(temporaryFolder());
    const go = (flags: string): string =>
      `exec ${binary} -listen {host}:{port} -backend http://{backend}:9000/ ${flags}`;
    const run = await runReal({
      files: ["backend.cjs", "ask.cjs"],
      lab: WITH_BACKEND,
      hosts: ["client", "server", "backend"],
      load: { connections: CONNECTIONS, requests: REQUESTS },
      commands: { base: go(IDLE), head: go(options), innocent: go(`${IDLE} -size 20000`) },
      asks: {
        service: { on: "server", command: "node ask.cjs go.sock /" },
        backend: { on: "backend", command: "node ask.cjs backend.sock /" },
      },
    });
    for (const side of Object.values(run.sides)) {
      const [before, after] = side.said("service", (text) => JSON.parse(text) as Counts);
      const accepted = after.accepted - before.accepted;
      expectLinkAsSeen(side, { from: "client", to: "server", port: 8_080, accepted });
      const made = after.made - before.made;
      expect(made + after.reused - before.reused).toBe(REQUESTS);
      const [had, has] = side.said("backend", (text) => JSON.parse(text) as Record<"connections", number>);
      // Go dials while it waits for one that is in use, and may come to use that first: what it has dialled lies idle.
      expect(has.connections - had.connections).toBeGreaterThanOrEqual(made);
      expectLinkAsSeen(side, {
        from: "server",
        to: "backend",
        port: 9_000,
        accepted: has.connections - had.connections,
      });
    }
    const { base, head, innocent } = run.sides;
    for (const side of [base, innocent]) expect(side.findings).toEqual([]);
    if (undrained) return;
    const perRequest = head.figure("links.server.backend.perRequest");
    expect(perRequest).toBeGreaterThanOrEqual(least);
    const churns = { code: "link-churns", link: { from: "server", to: "backend" } };
    expect(head.findings).toMatchObject(perRequest < 0.5 ? [] : [churns]);
    // Go dials whenever no connection is free at that moment: by chance a few more on one side than on the other.
    await expectTold(run, firstLine);
  },
);
