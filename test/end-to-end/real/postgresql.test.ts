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

test("pgbench opens a connection a client, with -C one a transaction, and closes first on all", async (context) => {
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
  for (const [step, connections] of [
    ["kept", "5 connections"],
    ["anew", "81 connections"],
  ])
    expect(result.findings).toContainEqual(
      expect.objectContaining({
        text: `your program opened ${connections} in ${step}, and closed first on all of them`,
      }),
    );
});
