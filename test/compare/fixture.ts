import type { RunResult, Trial } from "../../src/result/types.js";
import type { LoadPlan } from "../../src/scenario/types.js";
import { closeTrial, keepAliveTrial, result, variantOf } from "../report/fixture.js";

/** Results for comparisons: variants by name, each trial changed as the test says. */

const cached = { close: closeTrial({ recorded: 50 }), keepAlive: keepAliveTrial({ recorded: 50 }) };

type Change = (trial: Trial, index: number) => void;

export interface Planned {
  trials?: number;
  of?: "close" | "keepAlive";
  change?: Change;
  load?: Partial<LoadPlan>;
}

export function resultOf(variants: Record<string, Planned>, change: Partial<RunResult> = {}): RunResult {
  return result(
    Object.entries(variants).map(([name, { trials = 10, of = "close", change: each = () => {}, load = {} }]) => [
      variantOf(name, load),
      {
        trials: Array.from({ length: trials }, (_, index) => {
          const trial = structuredClone(cached[of]);
          trial.order = index;
          each(trial, index);
          return trial;
        }),
        median: null,
        figures: {},
      },
    ]),
    change,
  );
}

/** Every figure of timing so many times as slow, with a little scatter that is the same for the same salt. */
export function slower(factor: number, salt = 0, scatter = 0.02): Change {
  return (trial, index) => {
    const wobble = 1 + scatter * Math.sin(7 * index + 3 * salt + 1);
    const by = factor * wobble;
    trial.requests.perSec! /= by;
    for (const summary of [trial.latencyUs!, trial.connectUs!])
      for (const key of ["p50", "p99"] as const) summary[key] *= by;
    for (const times of [trial.cpu.client!, trial.cpu.server!]) times.userMs *= by;
  };
}

/** As many connections, and TIME_WAIT on the server, as this for each request. */
export function connectionsPerRequest(perRequest: number): Change {
  return (trial) => {
    const opened = Math.round(trial.requests.sent! * perRequest);
    trial.connections = { opened, failed: 0, perSec: opened / 10, requestsPer: 1 / perRequest };
    trial.timeWait = {
      client: { created: 0, peak: 0, end: 0 },
      server: { created: opened, peak: opened, end: opened },
    };
    trial.closedFirst = { client: 0, server: 1, reset: 0 };
  };
}
