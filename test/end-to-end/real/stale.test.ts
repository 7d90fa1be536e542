import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { RunResult } from "../../../src/result/types.js";
import { ROOT } from "../../support/bench.js";
import { benchHere } from "../../support/here.js";
import { leftovers } from "../../support/leftovers.js";
import { skipUnlessInstalled } from "../../support/skip.js";
import { temporaryFolder } from "../../support/temporary.js";

const REQUESTS = 120;
const CLIENTS = ["epoll", "undici", "autocannon", "go"] as const;

test("requests that a busy server gives up with their idle connections: as many as RSTs that its kernel sends, and Go repeats them unseen", async (context) => {
  skipUnlessInstalled(context, "go");
  const cwd = temporaryFolder();
  cpSync(join(ROOT, "test/fixtures/real/busy_service.cjs"), join(cwd, "busy_service.cjs"));
  const scenario = {
    title: "a busy server with a short idle limit",
    lab: { topology: "two-hosts" },
    server: { kind: "command", port: 8_080, command: "exec node busy_service.cjs {host} {port} 20 10" },
    load: { connections: 6, requests: REQUESTS, connection: "keep-alive" },
    variants: Object.fromEntries(CLIENTS.map((client) => [client, { load: { client } }])),
  };
  writeFileSync(join(cwd, "busy.yaml"), JSON.stringify(scenario));
  const run = await benchHere(["run", "busy.yaml", "--trials", "1", "--quiet", "-o", "r.json"], { cwd });
  expect(leftovers(run.mark)).toEqual([]);
  expect([run.exitCode, run.stderr]).toEqual([0, ""]);
  const { variants, findings } = JSON.parse(readFileSync(join(cwd, "r.json"), "utf8")) as RunResult;
  for (const client of CLIENTS) {
    const { requests, connections, stale, repeated, books, kernel, timeWait } = variants[client]!.trials[0]!;
    // A request that is unread when its connection is closed, or that comes after that, is answered by a RST.
    const givenUp = kernel.server!.counters["Tcp:OutRsts"] ?? 0;
    expect(givenUp).toBeGreaterThan(0);
    expect({ client, stale, failed: requests.failed }).toEqual({ client, stale: givenUp, failed: givenUp });
    // Its caller gets an answer to each; the others' get none to what was given up.
    const seen =
      client === "go" ? { succeeded: REQUESTS, repeated: givenUp } : { succeeded: REQUESTS - givenUp, repeated: 0 };
    expect({ client, succeeded: requests.succeeded, repeated }).toEqual({ client, ...seen });
    expect(requests.sent).toBe(requests.succeeded! + requests.failed!);
    // What did not end so left TIME_WAIT at one end.
    expect(timeWait!.client.created + timeWait!.server!.created).toBe(connections.opened - givenUp);
    expect([client, books.filter(({ balanced }) => !balanced)]).toEqual([client, []]);
    const told = findings.filter(
      ({ variant, code }) => variant === client && /^(?:stale-connection|hidden-retries)$/u.test(code),
    );
    const link = { from: "client", to: "server" };
    expect(told).toMatchObject([
      {
        code: "stale-connection",
        severity: "problem",
        link,
        figures: { stale: givenUp, sent: requests.sent },
        remedy: expect.stringContaining("server.keepAliveTimeout") as string,
      },
      ...(client === "go"
        ? [{ code: "hidden-retries", severity: "notice", link, figures: { repeated: givenUp } }]
        : []),
    ]);
  }
});
