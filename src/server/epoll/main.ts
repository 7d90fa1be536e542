/** The hello-world server on the kernel's own sockets, a process of its own: as quick as the machine allows. */
import { Worker } from "node:worker_threads";
import type { FromHello, ToHello } from "../types.js";
import { COUNTS } from "./serve.js";
import type { FromThread, ThreadTask } from "./thread.js";
import { ownFile } from "../../places.js";

const THREAD = ownFile("dist/server/epoll/thread.js");
const counts = new Int32Array(new SharedArrayBuffer(COUNTS.length * Int32Array.BYTES_PER_ELEMENT));

function tell(message: FromHello): void {
  if (process.connected) process.send!(message, () => {});
}

function listen(host: string, port: number): void {
  const task: ThreadTask = { host, port, counts };
  const worker = new Worker(THREAD, { workerData: task });
  worker.on("message", (said: FromThread) =>
    tell(said.listening ? { type: "listening" } : { ...said, type: "failed" }),
  );
  worker.on("error", (error) => tell({ type: "failed", message: error.message, errno: "" }));
}

process.on("message", (message: ToHello) => {
  switch (message.type) {
    case "listen":
      listen(message.host, message.port);
      return;
    case "count":
      tell({
        type: "counted",
        requests: Atomics.load(counts, COUNTS.requests),
        connections: Atomics.load(counts, COUNTS.connections),
      });
  }
});
// The thread may block in a system call: only the kernel ends it at once.
process.on("disconnect", () => process.kill(process.pid, "SIGKILL"));
if (!process.connected) process.exit(0);
tell({ type: "awake" });
