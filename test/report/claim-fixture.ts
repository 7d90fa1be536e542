import type { ClaimResult, Figure, RunResult, VariantResult } from "../../src/result/types.js";
import { verdictOf } from "../../src/result/verdict.js";
import type { Claim } from "../../src/scenario/claim/types.js";
import type { Expectation, Scenario, Variant } from "../../src/scenario/types.js";
import { measured, metricsOf, result, trial, variantOf } from "./fixture.js";

/** Claims as scenarios put them to the test, judged by the rules and not by hand. */

/** `again.again.tookMs > 5`; the right side is a number, a name, or after a star a metric. */
export function condition(text: string): Expectation {
  const [left = "", op = "", ...rest] = text.split(" ");
  const right = rest.join(" ");
  const number = Number(right);
  const [factor, metric] = right.split(" * ");
  return {
    text,
    ...reference(left),
    op: op as Expectation["op"],
    right:
      metric !== undefined
        ? { kind: "metric", factor: Number(factor), ...reference(metric) }
        : Number.isNaN(number)
          ? { kind: "name", value: right }
          : { kind: "number", value: number },
  };
}

function reference(path: string): { variant: string; metric: string } {
  const dot = path.indexOf(".");
  return { variant: path.slice(0, dot), metric: path.slice(dot + 1) };
}

export function claimOf(change: Partial<Claim> = {}): Claim {
  return {
    id: "same-port-bind",
    text: "A client that wants the same local port again fails in bind() while the port is in TIME_WAIT.",
    test: "One connection from a fixed port is closed by the client, then the port is bound again.",
    lesson: "It is bind() that refuses, not connect().",
    instead: "SO_REUSEADDR, or let the kernel choose the port",
    sources: ["net/ipv4/inet_connection_sock.c, inet_csk_get_port()", "RFC 9293, section 3.6"],
    figures: [
      { label: "errno of bind()", variant: "plain", metric: "again.errno" },
      { label: "errno with SO_REUSEADDR", variant: "reuse", metric: "again.errno" },
      { label: "time left in TIME_WAIT", variant: "plain", metric: "look.timerMaxMs" },
    ],
    premises: [],
    rules: [
      {
        verdict: "confirmed",
        when: [condition("plain.again.errno == EADDRINUSE"), condition("reuse.again.errno == EADDRINUSE")],
        because: "bind() failed with {plain.again.errno}, with SO_REUSEADDR too.",
      },
      {
        verdict: "partly",
        when: [condition("plain.again.errno == EADDRINUSE"), condition("reuse.again.errno == none")],
        because:
          "bind() failed with {plain.again.errno} for {plain.look.timerMaxMs} more; with SO_REUSEADDR it succeeded.",
      },
    ],
    ...change,
  };
}

export const PLAIN: Record<string, Figure> = {
  "first.errno": "none",
  "first.succeeded": 1,
  "first.failed": 0,
  "first.tookMs": 0.3,
  "again.errno": "EADDRINUSE",
  "again.succeeded": 0,
  "again.failed": 1,
  "again.tookMs": 0.01,
  "look.time_wait": 1,
  "look.fin_wait2": 0,
  "look.gauge": 1,
  "look.timerMaxMs": 59_988,
  "look.TW": 1,
  "look.InCsumErrors": 3,
};
export const REUSE: Record<string, Figure> = {
  ...PLAIN,
  "again.errno": "none",
  "again.succeeded": 1,
  "again.failed": 0,
};

/** A variant of steps that made no load. */
export function inSteps(name: string, figures: Record<string, Figure>): [Variant, VariantResult] {
  const nothing = trial({
    perSec: 0,
    recorded: 1,
    closedFirst: null,
    change: {
      figures,
      clientName: "",
      serverName: "",
      latencyUs: null,
      connectUs: null,
      histograms: { latencyUs: null, uncorrectedLatencyUs: null, connectUs: null, firstByteUs: null },
    },
  });
  const phases: Variant["phases"] = [{ name: "look", do: "read", on: "client", port: null }];
  return [
    { ...variantOf(name), phases },
    { trials: [nothing], median: metricsOf(nothing), figures },
  ];
}

export interface ClaimOptions {
  claim?: Partial<Claim>;
  plain?: Record<string, Figure>;
  change?: Partial<RunResult>;
}

/** A run of it, with the verdict that its figures lead to. */
export function claimResult({ claim, plain = PLAIN, change }: ClaimOptions = {}): RunResult {
  const drawn = result([inSteps("plain", plain), inSteps("reuse", REUSE)], { expectations: [], ...change });
  const of = claimOf(claim);
  const scenario: Scenario = {
    ...drawn.scenario,
    name: `claims/${of.id}`,
    title: "Binding a port that is in TIME_WAIT",
    expect: [],
    claim: of,
  };
  const judged: ClaimResult | undefined = verdictOf(scenario, drawn);
  return { ...drawn, scenario, ...(judged === undefined ? {} : { claim: judged }) };
}

/** One that measured nothing, because the machine lacks something. */
export function untested(id: string): RunResult {
  const nothing = (name: string): [Variant, VariantResult] => [inSteps(name, {})[0], measured()];
  const drawn = result([nothing("plain"), nothing("reuse")], {
    status: "failed",
    expectations: [],
    error: { code: "tool-missing", message: "conntrack is not installed", hint: "Install it." },
  });
  const scenario = { ...drawn.scenario, name: `claims/${id}`, expect: [], claim: claimOf({ id }) };
  const environment = { ...drawn.environment, isolation: "none" } as const;
  return { ...drawn, environment, scenario, claim: verdictOf(scenario, drawn)! };
}
