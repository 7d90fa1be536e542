import fc from "fast-check";
import { expect, test } from "vitest";
import { flattened, metricsOfStep, unflattened } from "../../src/metrics/flat.js";
import type { Links, Metrics } from "../../src/metrics/table.js";
import { closeTrial, keepAliveTrial, metricsOf } from "../report/fixture.js";

const link: Links[string][string] = {
  port: 9000,
  opened: 12,
  perRequest: 0.4,
  timeWait: { from: { created: 12, peak: 7, end: 5 }, to: null },
  closedFirst: { from: 1, to: 0, reset: 0 },
  ports: { used: 7, limit: null },
  exact: false,
};

const HOSTS = ["server", "third", "10.0.0.7", "[fe80::1]"];
const PEERS = ["backend", "server:6379", "10.0.0.7", "10.0.0.7:9000", "[fe80::1]:80"];

test.each([
  ["close", closeTrial()],
  ["keep-alive", keepAliveTrial()],
])("figures of a load as a list (%s) are all there when they are put together again", (_of, trial) => {
  const metrics = metricsOf(trial);
  fc.assert(
    fc.property(
      fc.subarray(HOSTS),
      fc.subarray(PEERS),
      fc.dictionary(fc.constantFrom("ECONNRESET", "timeout", "HTTP 502"), fc.nat()),
      (from, to, errors) => {
        const links = Object.fromEntries(
          from.map((name) => [name, Object.fromEntries(to.map((peer) => [peer, link]))]),
        );
        // A host without links is nothing that a list of figures could tell.
        const told = to.length === 0 || from.length === 0 ? null : links;
        const whole: Metrics = { ...metrics, errors, links: told, latencyUs: null };
        expect(flattened(unflattened(flattened(whole)))).toEqual(flattened(whole));
        // A link that was not counted to the unit is still told as such.
        expect(unflattened(flattened(whole)).links).toEqual(told);
        expect(unflattened(flattened(whole))).toMatchObject({ latencyUs: null, requests: metrics.requests, errors });
      },
    ),
    { numRuns: 50 },
  );
});

test("the load of a step is among the figures of all steps; a step that made none has none", () => {
  const metrics = metricsOf(closeTrial());
  const named = Object.entries(flattened(metrics)).map(([path, value]) => [`run.${path}`, value] as const);
  const figures = { ...Object.fromEntries(named), "run.closedFirst": "server", "running.errno": "none", "look.TW": 3 };
  expect(metricsOfStep(figures, "run")?.requests).toEqual(metrics.requests);
  expect(metricsOfStep(figures, "look")).toBeNull();
  expect(metricsOfStep(figures, "runn")).toBeNull();
});
