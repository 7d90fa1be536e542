import { expect, test } from "vitest";
import { expectLinkAsSeen, expectTold, runReal } from "../../support/real.js";
import { haproxy, WITH_BACKEND } from "../../support/real-services.js";
import { skipUnlessInstalled } from "../../support/skip.js";

const REQUESTS = 80;
const REUSES = "http-reuse always";
const ANEW = { closing: "option http-server-close", never: "http-reuse never" };
const SERVICE = {
  files: ["haproxy.cfg", "backend.cjs", "ask.cjs"],
  lab: WITH_BACKEND,
  hosts: ["client", "server", "backend"],
  // Of kept clients `http-reuse never` keeps one connection each.
  load: { connections: 4, requests: REQUESTS, connection: "close", closer: "client" },
  commands: {
    base: haproxy(1, REUSES),
    innocent: haproxy(1, REUSES, "option forwardfor", "balance leastconn", "http-response set-header X-Padding long"),
  },
  faults: { closing: haproxy(1, ANEW.closing), never: haproxy(1, ANEW.never) },
  asks: {
    stat: { on: "server", command: "node ask.cjs stats.sock 'show stat'" },
    backend: { on: "backend", command: "cat backend.json" },
  },
};

/** The columns of one row of `show stat`, by their names in the first line (haproxy's management guide, 9.1). */
function rowOf(csv: string, svname: string): Record<string, number> {
  const [head = [], ...rows] = csv.split("\n").map((line) => line.replace("# ", "").split(","));
  const row = rows.find((cells) => cells[1] === svname)!;
  return Object.fromEntries(head.map((name, at) => [name, Number(row[at])]));
}

test("haproxy with `http-server-close` or `http-reuse never` opens a connection for each request, as `show stat` and ss count", async (context) => {
  skipUnlessInstalled(context, "haproxy", "ss");
  const run = await runReal(SERVICE);
  for (const side of Object.values(run.sides)) {
    const counted = (svname: string, column: string): number => {
      const [before, after] = side.said("stat", (csv) => rowOf(csv, svname)[column]!);
      return after - before;
    };
    expect(counted("FRONTEND", "req_tot")).toBe(REQUESTS);
    expectLinkAsSeen(side, { from: "client", to: "server", port: 8_080, accepted: counted("FRONTEND", "conn_tot") });
    const connected = counted("backend", "connect");
    expect(connected + counted("backend", "reuse")).toBe(REQUESTS);
    const [had, has] = side.said("backend", (text) => JSON.parse(text) as Record<"connections", number>);
    expect(has.connections - had.connections).toBe(connected);
    expectLinkAsSeen(side, { from: "server", to: "backend", port: 9_000, accepted: connected });
  }
  for (const { figure, findings } of [run.sides.closing, run.sides.never]) {
    expect(figure("links.server.backend.opened")).toBe(REQUESTS);
    const churn = { code: "link-churns", step: "load", link: { from: "server", to: "backend" } };
    expect(findings).toContainEqual(expect.objectContaining(churn));
  }
  const told = /^worse: server opens 1\.00 connections per request to backend, base 0\.[01]\d+/u;
  await expectTold(run, { closing: told, never: told });
});
