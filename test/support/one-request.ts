import type { LoadProgress } from "../../src/client/types.js";

/** What a client says after its first request. */
export const AFTER_ONE_REQUEST: LoadProgress = {
  elapsedMs: 1,
  succeeded: 1,
  failed: 0,
  connections: 1,
  perSec: 1,
  noPort: 0,
  rows: { atMs: [], perSec: [], p50Us: [], p99Us: [] },
};
