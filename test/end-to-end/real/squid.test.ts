import { expect, test } from "vitest";
import { runServices, squid } from "../../support/services.js";
import { skipUnlessInstalled } from "../../support/skip.js";

const REQUESTS = 60;

test("Squid keeps its connections to the origin, with server_persistent_connections off it opens one for each request", async (context) => {
  skipUnlessInstalled(context, "squid");
  const backend = { command: "exec node backend.cjs {host} {port}", port: 9_000, starts: "before-server" };
  const { result } = await runServices(["backend.cjs"], {
    lab: { topology: "hosts", hosts: { client: {}, server: {}, backend } },
    load: { connections: 4, requests: REQUESTS },
    variants: {
      kept: { server: squid("backend") },
      anew: { server: squid("backend", "server_persistent_connections off") },
    },
  });
  const [kept, anew] = ["kept", "anew"].map((variant) => result.variants[variant]!.median!);
  for (const { requests, links } of [kept!, anew!]) {
    expect(requests.failed).toBe(0);
    expect(links!["client"]!["server"]!.opened).toBe(4);
  }
  expect(kept!.links!["server"]!["backend"]!.opened).toBeLessThan(REQUESTS / 2);
  const { opened } = anew!.links!["server"]!["backend"]!;
  // At times it opens one of which it makes no use.
  expect(opened).toBeGreaterThanOrEqual(REQUESTS);
  expect(opened).toBeLessThanOrEqual(REQUESTS + 4);
  // Squid asks the origin to close, and closes as well once it has the answer: each can be the first.
  const { from, to } = anew!.links!["server"]!["backend"]!.timeWait;
  expect(from.created + to!.created).toBeGreaterThanOrEqual(REQUESTS);
  const churns = result.findings.filter(({ code }) => code === "link-churns");
  expect(churns).toMatchObject([{ variant: "anew", link: { from: "server", to: "backend" } }]);
});
