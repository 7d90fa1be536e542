import type { LoadPlan, SocketPlan } from "../../scenario/types.js";
import type { Pairs } from "../../stats/flat-histogram.js";
import type { LoadTarget } from "../types.js";
import type { LoadCounts } from "../books/tally.js";

/** What a thread is to do. Its connections and requests are its share of the load's. */
export interface ThreadTask {
  plan: LoadPlan & { sockets: SocketPlan };
  target: LoadTarget;
  /** Counted from 0. */
  thread: number;
  threads: number;
  control: SharedArrayBuffer;
}

export type FromThread =
  /** Everything is loaded; it waits for the word. */
  | { type: "ready" }
  /** The load that went before has ended, and its connections are closed. */
  | { type: "warm" }
  /** Latencies of the successes in the timeline's intervals, one after the other, from the first on. */
  | { type: "intervals"; latencies: Pairs[] }
  /** Its connections are closed. */
  | { type: "done"; counts: LoadCounts };
