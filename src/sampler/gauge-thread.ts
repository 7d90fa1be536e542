import { Worker } from "node:worker_threads";
import { GaugeRing } from "./gauge-ring.js";
import type { GaugeSample } from "./types.js";
import { ownFile } from "../places.js";

/** The built thread, as built. */
const THREAD = ownFile("dist/sampler/thread.js");

export interface GaugeTask {
  everyMs: number;
  memory: SharedArrayBuffer;
}

export type FromGaugeThread =
  /** It reads from now on. */
  { type: "ready" } | { type: "fault"; message: string };

/**
 * The thread that reads the gauge, seen from the main one. It does nothing else, and is woken by the kernel alone: a
 * timer of the event loop costs several times as much CPU time as the reading, and comes late when a table is read.
 */
export class GaugeThread {
  readonly #ring = new GaugeRing();
  readonly #worker: Worker;

  /** Resolves when it reads. */
  static async start(everyMs: number, onFault: (message: string) => void): Promise<GaugeThread> {
    const thread = new GaugeThread(everyMs);
    const { promise, resolve, reject } = readiness();
    thread.#worker.on("message", (told: FromGaugeThread) => {
      if (told.type === "ready") resolve();
      else if (!thread.#ring.stopped) onFault(told.message);
    });
    thread.#worker.on("error", (error) => {
      reject(error);
      if (!thread.#ring.stopped) onFault(error.message);
    });
    thread.#worker.on("exit", () => reject(new Error("the thread that reads the gauge ended before it began")));
    await promise;
    return thread;
  }

  private constructor(everyMs: number) {
    const task: GaugeTask = { everyMs, memory: this.#ring.memory };
    this.#worker = new Worker(THREAD, { workerData: task, stdin: false });
  }

  /** In order, those that have come since the last call. */
  take(): GaugeSample[] {
    return this.#ring.take();
  }

  /** The last ones. The thread ends when it next wakes up; what it may still read goes nowhere. */
  stop(): GaugeSample[] {
    this.#ring.stop();
    return this.#ring.take();
  }
}

/** Node 20 has no Promise.withResolvers. */
function readiness(): { promise: Promise<void>; resolve: () => void; reject: (error: Error) => void } {
  let resolve!: () => void;
  let reject!: (error: Error) => void;
  const promise = new Promise<void>((yes, no) => {
    resolve = yes;
    reject = no;
  });
  return { promise, resolve, reject };
}
