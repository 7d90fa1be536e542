import type { RunResult, Trial } from "../../src/result/types.js";
import type { Links } from "../../src/metrics/table.js";
import { claimResult } from "../report/claim-fixture.js";
import {
  closeTrial,
  hostTimeline,
  keepAliveTrial,
  keepAliveVariant,
  measured,
  result,
  trial,
  variantOf,
} from "../report/fixture.js";

/** Results of every kind that there is, as pages are drawn from them. */

/** What a name or an error may hold, and a page must show as what it is. */
export const HOSTILE = `<script>alert(1)</script></script><!--"'&\u202Egnp.exe`;

/** A load as it is sampled: an interval each tenth of a second. */
export function loadColumns(seconds: number, perSec: number): Trial["timeline"]["load"] {
  const atMs = Array.from({ length: Math.max(1, Math.round(seconds * 10)) }, (_, i) => (i + 1) * 100);
  return {
    atMs,
    perSec: atMs.map((ms) => Math.round(perSec * (1 + 0.2 * Math.sin(ms / 700)))),
    p50Us: atMs.map((ms) => Math.round(5000 + 900 * Math.cos(ms / 900))),
    p99Us: atMs.map((ms, i) => (i % 37 === 5 ? null : Math.round(11_000 + 4000 * Math.cos(ms / 300)))),
  };
}

function sampled(of: Trial): Trial {
  const load = loadColumns(of.durationMs / 1000, of.requests.perSec!);
  return { ...of, timeline: { ...of.timeline, load } };
}

export function link(opened: number, change: Partial<Links[string][string]> = {}): Links[string][string] {
  return {
    port: 8080,
    opened,
    perRequest: 1,
    timeWait: { from: { created: 0, peak: 0, end: 0 }, to: { created: opened, peak: 14_116, end: 14_116 } },
    closedFirst: { from: 0, to: 1, reset: 0 },
    ports: { used: 14_116, limit: 28_232 },
    exact: true,
    ...change,
  };
}

/** A client, a service and its backend: the service churns. */
function chain(): RunResult {
  const links: Links = {
    client: { server: link(84_120) },
    server: {
      backend: link(84_000, {
        port: 9000,
        timeWait: { from: { created: 84_000, peak: 28_100, end: 28_100 }, to: null },
        closedFirst: { from: 0.97, to: 0.02, reset: 0.01 },
        ports: { used: 28_100, limit: 28_232 },
        exact: false,
      }),
    },
  };
  const hosts = {
    server: { timeWait: { created: 168_120, peak: 42_216, end: 42_216 }, opened: 84_000, accepted: 84_120 },
    backend: { timeWait: { created: 0, peak: 0, end: 0 }, opened: 0, accepted: 84_000 },
  };
  const one = sampled(closeTrial({ change: { links, hosts } }));
  const others = { backend: hostTimeline(10, () => 12, 40) };
  const variant = variantOf("churn");
  return result([
    [
      {
        ...variant,
        lab: {
          ...variant.lab,
          topology: "hosts",
          hosts: { client: { programs: [] }, server: { programs: [] }, backend: { programs: [] } },
        },
      },
      measured({ ...one, timeline: { ...one.timeline, others } }),
    ],
  ]);
}

function hostile(): RunResult {
  const [, close] = [HOSTILE, sampled(closeTrial())];
  const bad = result([[variantOf(HOSTILE), measured({ ...close, clientName: HOSTILE, errors: { [HOSTILE]: 3 } })]], {
    status: "failed",
    error: { code: "server-died", message: `server: ${HOSTILE}`, hint: `look at ${HOSTILE}\n  and at this` },
    warnings: [{ code: "sampler-late", message: HOSTILE, variant: HOSTILE, trial: 0 }],
  });
  return { ...bad, scenario: { ...bad.scenario, name: HOSTILE, title: HOSTILE, explanation: HOSTILE } };
}

/** A load of somebody else's program, which says more of itself than the server saw. */
function byWrk(of: Trial): Trial {
  const claims = { tool: "wrk 4.1.0", requests: 91_000, succeeded: 90_400, failed: 600, perSec: 9_100 };
  return {
    ...of,
    clientName: "wrk 4.1.0",
    claims: { ...claims, latencyUs: { p50: 4_900, p99: 12_400 }, seconds: 10, exitCode: 0 },
    program: {
      command: "wrk --threads 1 --connections 50 --duration 10s --latency 'http://198.18.0.2:8080/'",
      exitCode: 0,
      signal: null,
      stopped: null,
      output: "Running 10s test",
      cut: false,
      unreadable: null,
    },
  };
}

/** By what they are for. */
export function specimens(): Record<string, RunResult> {
  const close = (order = 0): Trial => sampled(closeTrial({ order, perSec: 8400 + 120 * (order % 5) }));
  const several = Array.from({ length: 10 }, (_, i) => close(i));
  const short = sampled(trial({ seconds: 0.3, recorded: 200 }));
  const twenty = Array.from(
    { length: 20 },
    (_, i) => [variantOf(`connections-${i + 1}0`), measured(close(i))] as const,
  );
  return {
    plain: result([
      [variantOf("close"), measured(close())],
      [keepAliveVariant(), measured(sampled(keepAliveTrial()))],
    ]),
    trials: result([
      [variantOf("close"), measured(...several)],
      [
        keepAliveVariant(),
        measured(...several.map((_, i) => sampled(keepAliveTrial({ order: i, perSec: 21_000 + 90 * i })))),
      ],
    ]),
    one: result([[variantOf("close"), measured(close())]]),
    twenty: result(twenty.map(([variant, of]) => [variant, of])),
    chain: chain(),
    steps: claimResult({ claim: {} }),
    hostile: hostile(),
    short: result([[variantOf("short"), measured(short)]]),
    "no-time-wait": result([
      [
        variantOf("macos"),
        measured({
          ...short,
          timeWait: null,
          closedFirst: null,
          timeline: { ...short.timeline, client: null, server: null },
        }),
      ],
    ]),
    program: result([[variantOf("close", { client: "wrk" }), measured(byWrk(close()))]]),
    failed: result([[variantOf("close"), { trials: [], median: null, figures: {} }]], {
      status: "failed",
      expectations: [],
      error: { code: "server-not-ready", message: "the server was not ready after 5 s", hint: "See what it says." },
    }),
    interrupted: result(
      [
        [variantOf("close"), { trials: [{ ...close(), status: "interrupted" }], median: null, figures: {} }],
        [keepAliveVariant(), { trials: [], median: null, figures: {} }],
      ],
      { status: "interrupted", expectations: [] },
    ),
    nothing: result([[variantOf("close"), measured(trial({ perSec: 0, errors: { ECONNREFUSED: 400 } }))]]),
  };
}
