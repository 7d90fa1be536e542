/** The thread that serves: it listens, says so, and never returns to its event loop. */
import { parentPort, workerData } from "node:worker_threads";
import { listenOn } from "../../kernel/listener.js";
import { HelloLoop } from "./serve.js";

/** As many as the kernel's somaxconn lets through since 5.4. */
const BACKLOG = 4096;

export interface ThreadTask {
  host: string;
  port: number;
  counts: Int32Array;
}
export type FromThread = { listening: true } | { listening: false; message: string; errno: string };

const toMain = parentPort;
const { host, port, counts } = workerData as ThreadTask;
// The list of what is moved instead of copied tells this postMessage() from the one of windows.
const tell = (message: FromThread): void => toMain?.postMessage(message, []);
try {
  const loop = new HelloLoop(listenOn(host, port, BACKLOG), counts);
  tell({ listening: true });
  loop.run();
} catch (error) {
  const { message, code } = error as NodeJS.ErrnoException;
  tell({ listening: false, message, errno: code ?? "" });
}
