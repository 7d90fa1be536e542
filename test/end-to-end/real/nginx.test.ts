import { expect, test } from "vitest";
import { expectLinkAsSeen, expectTold, runReal } from "../../support/real.js";
import { KEPT_BY_NGINX, nginx, WITH_BACKEND } from "../../support/real-services.js";
import { skipUnlessInstalled } from "../../support/skip.js";

const REQUESTS = 80;
const SERVICE = {
  files: ["nginx.conf", "backend.cjs", "ask.cjs"],
  lab: WITH_BACKEND,
  hosts: ["client", "server", "backend"],
  load: { connections: 4, requests: REQUESTS },
  commands: {
    base: nginx("keepalive 16;", KEPT_BY_NGINX),
    head: nginx("", ""),
    innocent: nginx("keepalive 8;", `${KEPT_BY_NGINX} proxy_buffers 16 16k; add_header X-Padding ${"x".repeat(500)};`),
  },
  asks: {
    status: { on: "server", command: "node ask.cjs status.sock /" },
    backend: { on: "backend", command: "node ask.cjs backend.sock /" },
  },
};

/** `accepts handled requests` stand on the third line of stub_status; whoever asks is one of each. */
function stubStatus(text: string): number[] {
  return text.split("\n")[2]!.trim().split(" ").map(Number);
}

test("nginx without `keepalive` in its upstream opens a connection for each request, as stub_status and ss count", async (context) => {
  skipUnlessInstalled(context, "nginx", "ss");
  const run = await runReal(SERVICE);
  for (const side of Object.values(run.sides)) {
    const [before, after] = side.said("status", stubStatus);
    const [accepts, handled, requests] = after.map((count, at) => count - before[at]! - 1);
    expect([handled, requests]).toEqual([accepts, REQUESTS]);
    expectLinkAsSeen(side, { from: "client", to: "server", port: 8_080, accepted: accepts! });
    const [had, has] = side.said("backend", (text) => JSON.parse(text) as Record<"connections" | "requests", number>);
    expect(has.requests - had.requests).toBe(REQUESTS);
    const accepted = has.connections - had.connections;
    expectLinkAsSeen(side, { from: "server", to: "backend", port: 9_000, accepted });
  }
  const { base, head, innocent } = run.sides;
  expect(head.figure("links.server.backend.opened")).toBe(REQUESTS);
  expect([...base.findings, ...innocent.findings]).toEqual([]);
  expect(head.findings).toMatchObject([
    { code: "link-churns", step: "load", link: { from: "server", to: "backend" }, figures: { opened: REQUESTS } },
  ]);
  await expectTold(run, /^worse: server opens 1\.00 connections per request to backend, base 0\.0\d+/u);
});
