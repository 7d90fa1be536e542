import { expect } from "vitest";
import type { LoadBooks, LoadTarget } from "../../src/client/types.js";
import { undiciClient } from "../../src/client/undici/client.js";
import type { LoadPlan, PacePlan } from "../../src/scenario/types.js";
import { runEpoll } from "./epoll/load.js";
import { runGo } from "./go/load.js";
import { runLoad } from "./load.js";

type Run = (target: LoadTarget, changes: Partial<LoadPlan>, signal?: AbortSignal) => Promise<LoadBooks>;

/** The clients that keep a pace, and pause. The last one shares a pool of connections. */
export const PACED: readonly { name: string; run: Run }[] = [
  { name: "epoll", run: runEpoll },
  { name: "undici", run: (target, changes, signal) => runLoad(undiciClient, target, changes, signal) },
  { name: "go", run: runGo },
];

export function constant(perSec: number, durationMs: number): Pick<LoadPlan, "pace" | "durationMs"> {
  const pace: PacePlan = {
    arrivals: "constant",
    stages: [{ durationMs, fromPerSec: perSec, toPerSec: perSec }],
    seed: 1,
  };
  return { pace, durationMs };
}

/** Every request that was due has succeeded; on a busy machine the last few may come too late. */
export function expectKept({ requests, pace }: LoadBooks, due: number): void {
  expect(requests.failed).toBe(0);
  expect(requests.succeeded + (pace?.unsent ?? 0)).toBe(due);
  expect(pace?.unsent).toBeLessThanOrEqual(Math.max(1, 0.1 * due));
}
