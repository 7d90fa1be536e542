/**
 * One thread of the load. It makes everything ready, waits for the word, and from then on never returns to its event
 * loop until the load has ended: what it says on the way it posts, what it is told it reads from shared memory.
 */
import { parentPort, workerData } from "node:worker_threads";
import { makeLoad } from "./make-load.js";
import type { ThreadTask } from "./messages.js";

const port = parentPort;
if (port === null) throw new Error("this file is the beginning of a thread");
// Copied, not moved: the first buffer that leaves a thread takes away what V8 compiled for typed arrays, nearly all of this
// thread's code, and costs each later access to one a look whether its buffer is still there.
makeLoad(workerData as ThreadTask, (message) => port.postMessage(message, []));
