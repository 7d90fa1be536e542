/**
 * One thread of the load. It makes everything ready, waits for the word, and from then on never returns to its event
 * loop until the load has ended: what it says on the way it posts, what it is told it reads from shared memory.
 */
import { parentPort, workerData } from "node:worker_threads";
import { makeLoad } from "./make-load.js";
import type { ThreadTask } from "./messages.js";

const port = parentPort;
if (port === null) throw new Error("this file is the beginning of a thread");
// A view is posted as a handle on its memory: that moves, and nothing is copied.
makeLoad(workerData as ThreadTask, (message, pairs) =>
  port.postMessage(
    message,
    pairs?.map(({ buffer }) => buffer),
  ),
);
