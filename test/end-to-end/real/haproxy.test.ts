import { expect, test } from "vitest";
import { expectLinkAsSeen, expectTold, runReal } from "../../support/real.js";
import { haproxy, WITH_BACKEND } from "../../support/real-services.js";
import { skipUnlessInstalled } from "../../support/skip.js";

const REQUESTS = 80;
const REUSES = "http-reuse always";

const service = (connection: string, head: string) => ({
  files: ["haproxy.cfg", "backend.cjs", "ask.cjs"],
  lab: WITH_BACKEND,
  hosts: ["client", "server", "backend"],
  load: { connections: 4, requests: REQUESTS, connection, closer: "client" },
  commands: {
    base: haproxy(1, REUSES),
    head: haproxy(1, head),
    innocent: haproxy(1, REUSES, "option forwardfor", "balance leastconn", "http-response set-header X-Padding long"),
  },
  asks: {
    stat: { on: "server", command: "node ask.cjs stats.sock 'show stat'" },
    backend: { on: "backend", command: "node ask.cjs backend.sock /" },
  },
});

/** The columns of one row of `show stat`, by their names in the first line (haproxy's management guide, 9.1). */
function rowOf(csv: string, svname: string): Record<string, number> {
  const [head = [], ...rows] = csv.split("\n").map((line) => line.replace("# ", "").split(","));
  const row = rows.find((cells) => cells[1] === svname)!;
  return Object.fromEntries(head.map((name, at) => [name, Number(row[at])]));
}

test.for([
  ["option http-server-close", "keep-alive"],
  ["http-reuse never", "close"],
] as const)(
  "haproxy with `%s` opens a connection for each request, as `show stat` and ss count (clients: %s)",
  async ([head, connection], context) => {
    skipUnlessInstalled(context, "haproxy", "ss");
    const run = await runReal(service(connection, head));
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
    expect(run.sides.head.figure("links.server.backend.opened")).toBe(REQUESTS);
    const churn = { code: "link-churns", step: "load", link: { from: "server", to: "backend" } };
    expect(run.sides.head.findings).toContainEqual(expect.objectContaining(churn));
    for (const side of ["base", "innocent"] as const) expect(run.sides[side].findings).toEqual([]);
    await expectTold(run, /^worse: server opens 1\.00 connections per request to backend, base 0\.[01]\d+/u);
  },
);
