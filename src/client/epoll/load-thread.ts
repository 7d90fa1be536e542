import { Worker } from "node:worker_threads";
import type { Bookkeeper } from "../books/bookkeeper.js";
import type { FromThread, ThreadTask } from "./messages.js";
import { ownFile } from "../../places.js";

/** The built thread, as built. */
const THREAD = ownFile("dist/client/epoll/thread.js");

/** One thread of the load, seen from the main one; it writes what the thread says into the books. */
export class LoadThread {
  /** Resolves when it waits for the word; rejects with what has ended it. */
  readonly ready: Promise<void>;
  /** Resolves when it has warmed up; rejects with what has ended it before. */
  readonly warm: Promise<void>;
  /** Resolves when its part of the books is written; rejects with what has ended it before. */
  readonly done: Promise<void>;

  constructor(task: ThreadTask, books: Bookkeeper) {
    const worker = new Worker(THREAD, { workerData: task, stdin: false });
    let isReady: () => void = () => {};
    let isWarm: () => void = () => {};
    let isDone: () => void = () => {};
    const failed = new Promise<never>((_, reject) => {
      worker.on("error", reject);
      worker.on("exit", () => reject(new Error("a thread of the load ended before it was done")));
    });
    this.ready = Promise.race([new Promise<void>((resolve) => (isReady = resolve)), failed]);
    this.warm = Promise.race([new Promise<void>((resolve) => (isWarm = resolve)), failed]);
    this.done = Promise.race([new Promise<void>((resolve) => (isDone = resolve)), failed]);
    // Whoever waits for one of them hears of it.
    for (const promise of [failed, this.ready, this.warm, this.done]) promise.catch(() => {});
    worker.on("message", (message: FromThread) => {
      switch (message.type) {
        case "ready":
          return isReady();
        case "warm":
          return isWarm();
        case "intervals":
          return books.intervals(task.thread, message.latencies);
        case "done":
          books.done(task.thread, message.counts);
          return isDone();
      }
    });
  }
}
