/** The forwarder as a process of its own, in a namespace in which nothing else is. */
import { Worker } from "node:worker_threads";
import { eventFd, type EventFd } from "../kernel/event-fd.js";
import { ownFile } from "../places.js";
import type { ThreadTask } from "./thread.js";
import type { FromCable, ToCable } from "./types.js";

const THREAD = ownFile("dist/cable/thread.js");

function tell(message: FromCable): void {
  if (process.connected) process.send!(message, () => {});
}

function fail(error: unknown): void {
  tell({ type: "failed", message: error instanceof Error ? error.message : String(error) });
}

let worker: Worker | null = null;
let bell: EventFd | null = null;

process.on("message", (message: ToCable) => {
  if (message.type !== "carry") {
    worker?.postMessage(message, []);
    bell?.set();
    return;
  }
  try {
    bell = eventFd();
    const task: ThreadTask = { task: message, ordersFd: bell.fd };
    worker = new Worker(THREAD, { workerData: task });
    worker.on("message", tell);
    worker.on("error", fail);
  } catch (error) {
    fail(error);
  }
});
// The thread may block in a system call: only the kernel ends it at once.
process.on("disconnect", () => process.kill(process.pid, "SIGKILL"));
if (!process.connected) process.exit(0);
tell({ type: "awake" });
