import { expect, test } from "vitest";
import { expectLinkAsSeen, expectTold, runReal, type Side } from "../../support/real.js";
import { REDIS, redisService } from "../../support/real-services.js";
import { skipUnlessInstalled } from "../../support/skip.js";

const REQUESTS = 80;
const service = (redis: string, start = ""): Record<Side, string> => ({
  base: start + redisService(redis, "pooled"),
  head: start + redisService(redis, "each"),
  innocent: start + redisService(redis, "pooled", 3),
});

/** Where redis runs, and what the link to it is called. */
const PLACES = {
  "a host of its own": {
    to: "backend",
    lab: {
      topology: "hosts",
      hosts: { client: {}, server: {}, backend: { command: `exec ${REDIS} --bind {host}`, port: 6_379 } },
    },
    commands: service("{backend}"),
  },
  "the service's own host": {
    to: "server",
    lab: { topology: "two-hosts" },
    commands: service("127.0.0.1", `${REDIS} & `),
  },
};

test.for(Object.entries(PLACES))(
  "a service that connects to redis on %s for each request, as redis itself and ss count",
  async ([, { to, lab, commands }], context) => {
    skipUnlessInstalled(context, "python3", "redis-server", "redis-cli", "ss");
    const run = await runReal({
      files: ["redis_service.py"],
      lab,
      hosts: [...new Set(["client", "server", to])],
      load: { connections: 4, requests: REQUESTS },
      commands,
      asks: {
        redis: {
          on: to,
          command:
            "until redis-cli -s redis.sock PING >/dev/null 2>&1; do sleep 0.1; done; redis-cli -s redis.sock INFO stats",
        },
      },
    });
    for (const side of Object.values(run.sides)) {
      const counted = side.said("redis", (info) => Number(/^total_connections_received:(\d+)/mu.exec(info)?.[1]));
      // Whoever asks connects twice: to see whether it is there, and to ask.
      const accepted = counted[1] - counted[0] - 2;
      expectLinkAsSeen(side, { from: "server", to, port: 6_379, accepted });
      expect(side.figure("requests.failed")).toBe(0);
    }
    const link = { from: "server", to: to === "server" ? "server:6379" : to };
    expect(run.sides.head.figure(`links.server.${link.to}.opened`)).toBe(REQUESTS);
    // The service closes first, and TIME_WAIT is at its end.
    expect(run.sides.head.figure(`links.server.${link.to}.timeWait.from.created`)).toBe(REQUESTS);
    for (const side of ["base", "innocent"] as const) expect(run.sides[side].findings).toEqual([]);
    expect(run.sides.head.findings).toMatchObject([{ code: "link-churns", step: "load", link }]);
    const name = to === "server" ? "server:6379" : "backend";
    await expectTold(
      run,
      new RegExp(`^worse: server opens 1\\.00 connections per request to ${name}, base 0\\.0\\d+`, "u"),
    );
  },
);
