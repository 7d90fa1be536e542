import { expect, test } from "vitest";
import { expectLinkAsSeen, expectTold, runReal } from "../../support/real.js";
import { KEPT_BY_NGINX, nginx, WITH_BACKEND } from "../../support/real-services.js";
import { skipUnlessInstalled } from "../../support/skip.js";

const REQUESTS = 80;
const SERVICE = {
  files: ["nginx.conf", "backend.cjs"],
  lab: WITH_BACKEND,
  hosts: ["client", "server", "backend"],
  load: { connections: 4, requests: REQUESTS },
  commands: {
    base: nginx("keepalive 16;", KEPT_BY_NGINX),
    innocent: nginx("keepalive 8;", `${KEPT_BY_NGINX} proxy_buffers 16 16k; add_header X-Padding ${"x".repeat(500)};`),
  },
  faults: { anew: nginx("", "") },
  asks: {
    log: { on: "server", command: "cat access.log" },
    backend: { on: "backend", command: "cat backend.json" },
  },
};

test("nginx without `keepalive` in its upstream opens a connection for each request, as its log and ss count", async (context) => {
  skipUnlessInstalled(context, "nginx", "ss");
  const run = await runReal(SERVICE);
  for (const side of Object.values(run.sides)) {
    const [before, after] = side.said("log", (text) => text.match(/connection=\d+/gu) ?? []);
    const lines = after.slice(before.length);
    expect(lines).toHaveLength(REQUESTS);
    expectLinkAsSeen(side, { from: "client", to: "server", port: 8_080, accepted: new Set(lines).size });
    const [had, has] = side.said("backend", (text) => JSON.parse(text) as Record<"connections" | "requests", number>);
    expect(has.requests - had.requests).toBe(REQUESTS);
    const accepted = has.connections - had.connections;
    expectLinkAsSeen(side, { from: "server", to: "backend", port: 9_000, accepted });
  }
  const { anew } = run.sides;
  expect(anew.figure("links.server.backend.opened")).toBe(REQUESTS);
  expect(anew.findings).toMatchObject([
    { code: "link-churns", step: "load", link: { from: "server", to: "backend" }, figures: { opened: REQUESTS } },
  ]);
  await expectTold(run, { anew: /^worse: server opens 1\.00 connections per request to backend, base 0\.0\d+/u });
});
