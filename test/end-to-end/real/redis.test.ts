import { expect, test } from "vitest";
import { expectLinkAsSeen, expectTold, runReal } from "../../support/real.js";
import { redis, redisService } from "../../support/real-services.js";
import { skipUnlessInstalled } from "../../support/skip.js";

const REQUESTS = 80;
/** Of both it asks one; they listen on the same port of two hosts. */
const service = (how: "pooled" | "each", pauseMs?: number): string =>
  `${redis("server")} & ${redisService("127.0.0.1,{backend}", how, pauseMs)}`;
const asked = (on: string) => ({
  on,
  command: `until redis-cli -s ${on}.sock PING >/dev/null 2>&1; do sleep 0.1; done; redis-cli -s ${on}.sock INFO stats`,
});

test("a service that connects to redis, beside it and on a host of its own, for each request, as redis itself and ss count", async (context) => {
  skipUnlessInstalled(context, "python3", "redis-server", "redis-cli", "ss");
  const run = await runReal({
    files: ["redis_service.py"],
    lab: {
      topology: "hosts",
      hosts: { client: {}, server: {}, backend: { command: `exec ${redis("backend")} --bind {host}`, port: 6_379 } },
    },
    hosts: ["client", "server", "backend"],
    load: { connections: 4, requests: REQUESTS },
    commands: { base: service("pooled"), innocent: service("pooled", 3) },
    faults: { each: service("each") },
    asks: { server: asked("server"), backend: asked("backend") },
  });
  for (const side of Object.values(run.sides)) {
    for (const to of ["server", "backend"]) {
      const counted = side.said(to, (info) => Number(/^total_connections_received:(\d+)/mu.exec(info)?.[1]));
      // Whoever asks connects twice: to see whether it is there, and to ask.
      const accepted = counted[1] - counted[0] - 2;
      expectLinkAsSeen(side, { from: "server", to, port: 6_379, accepted });
    }
    expect(side.figure("requests.failed")).toBe(0);
  }
  const { each } = run.sides;
  for (const to of ["server:6379", "backend"]) {
    expect(each.figure(`links.server.${to}.opened`)).toBe(REQUESTS);
    // The service closes first, and TIME_WAIT is at its end.
    expect(each.figure(`links.server.${to}.timeWait.from.created`)).toBe(REQUESTS);
    const churn = { code: "link-churns", step: "load", link: { from: "server", to } };
    expect(each.findings).toContainEqual(expect.objectContaining(churn));
  }
  expect(each.findings).toHaveLength(2);
  await expectTold(run, {
    each: /^worse: server opens 1\.00 connections per request to (?:backend|server:6379), base 0\.0\d+/u,
  });
});
