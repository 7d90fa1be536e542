import { expect, test } from "vitest";
import { POSTGRESQL, runServices } from "../../support/services.js";
import { skipUnlessInstalled } from "../../support/skip.js";

const CLIENTS = 4;
const TRANSACTIONS = 20;

const pgbench = (flags: string) => ({
  do: "load",
  load: {
    client: "command",
    command: `pgbench --host={host} --port={port} --username=postgres --no-vacuum -c ${CLIENTS} -t {requests} -f select.sql ${flags} postgres`,
    requests: TRANSACTIONS,
  },
});

test("pgbench opens a connection a client, with -C one a transaction", async (context) => {
  skipUnlessInstalled(context, "pgbench", "pg_lsclusters");
  const { result } = await runServices(["select.sql"], {
    server: POSTGRESQL,
    phases: { kept: pgbench(""), anew: pgbench("-C") },
    variants: { only: {} },
  });
  const { figures } = result.variants["only"]!;
  const opened = (step: string) => figures[`${step}.links.client.server.opened`];
  // One more asks for the tables, before the clients begin.
  expect([opened("kept"), opened("anew")]).toEqual([CLIENTS + 1, CLIENTS * TRANSACTIONS + 1]);
  // pgbench says goodbye and closes; a server process that hears it early closes as well, and each can be the first.
  for (const step of ["kept", "anew"]) {
    const [from, to] = ["from", "to"].map((end) =>
      Number(figures[`${step}.links.client.server.timeWait.${end}.created`]),
    );
    expect(from! + to!).toBeGreaterThanOrEqual(Number(opened(step)));
  }
  const [, told] = result.findings.filter(({ code }) => code === "program-connections");
  expect(told!.text).toMatch(/^your program opened 81 connections in anew, and closed first on/u);
});
