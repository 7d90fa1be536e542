import type { LoadReport } from "../types.js";

/** What a trial without a load has to say of its load. */
export function noLoad(startedAtMs: number, endedAtMs: number): LoadReport {
  return {
    clientName: "none",
    startedAtMs,
    endedAtMs,
    requests: { sent: 0, succeeded: 0, failed: 0 },
    errors: {},
    connections: { opened: 0, failed: 0, closed: { client: 0, server: 0, reset: 0 }, ports: null },
    pace: null,
    latencyHistogram: null,
    connectHistogram: null,
    timeline: { atMs: [], perSec: [], p50Us: [], p99Us: [] },
  };
}
