import { BenchError } from "../../errors.js";
import { LibcUnavailableError } from "../../kernel/libc.js";
import { socketCalls } from "../../kernel/socket.js";
import type { LoadPlan } from "../../scenario/types.js";
import { monotonicMs } from "../../kernel/clock.js";
import { ownName } from "../library-name.js";
import type { LoadBooks, LoadProgress, LoadTarget, PreparedLoad, ThreadedClient } from "../types.js";
import { Bookkeeper } from "../books/bookkeeper.js";
import { ProgressMeter } from "../books/progress.js";
import { LoadControl } from "./control.js";
import { Requests } from "./requests.js";
import { routesOf } from "./routes.js";
import { type FullPlan, fullPlan, sharesOf } from "./shares.js";
import { LoadThread } from "./load-thread.js";

/** HTTP/1.1 on the kernel's sockets and epoll, in threads of its own. Linux on x64 and arm64 only. */
export const epollClient: ThreadedClient = {
  async prepare(plan: LoadPlan, target: LoadTarget): Promise<PreparedLoad> {
    requireKernel();
    const full = fullPlan(plan);
    void new Requests(full, target);
    routesOf(full.sockets, target);
    const load = new ThreadedLoad(full, target);
    await load.ready();
    return load;
  },
};

class ThreadedLoad implements PreparedLoad {
  readonly clientName = ownName("epoll");
  readonly #plan: FullPlan;
  readonly #control: LoadControl;
  readonly #books: Bookkeeper;
  readonly #threads: LoadThread[];
  readonly #meter = new ProgressMeter();

  constructor(plan: FullPlan, target: LoadTarget) {
    const shares = sharesOf(plan);
    const control = new LoadControl(shares.length);
    const books = new Bookkeeper(shares.length);
    this.#plan = plan;
    this.#control = control;
    this.#books = books;
    this.#threads = shares.map(
      (share, thread) =>
        new LoadThread({ plan: share, target, thread, threads: shares.length, control: control.memory }, books),
    );
  }

  async ready(): Promise<void> {
    await Promise.all(this.#threads.map((thread) => thread.ready));
  }

  async warmUp(): Promise<void> {
    this.#control.go(monotonicMs());
    await Promise.all(this.#threads.map((thread) => thread.warm));
  }

  async run(signal: AbortSignal): Promise<LoadBooks> {
    const startMs = monotonicMs();
    let endMs = startMs + this.#plan.durationMs;
    const stop = (atMs: number): void => {
      endMs = Math.min(endMs, atMs);
      this.#control.stop();
    };
    const stopNow = (): void => stop(monotonicMs());
    signal.addEventListener("abort", stopNow, { once: true });
    if (signal.aborted) stop(startMs);
    this.#meter.begin(startMs);
    this.#control.go(startMs);
    try {
      await Promise.all(this.#threads.map((thread) => thread.done));
    } finally {
      signal.removeEventListener("abort", stopNow);
      // The end of one thread by an error is the end of all.
      stopNow();
    }
    return this.#books.close(this.#plan, startMs, endMs);
  }

  progress(): LoadProgress {
    return this.#meter.read(this.#control.counts(), this.#books.newRows());
  }
}

function requireKernel(): void {
  try {
    socketCalls();
  } catch (error) {
    if (!(error instanceof LibcUnavailableError)) throw error;
    throw new BenchError(
      "tool-missing",
      `the client epoll cannot run here: ${error.message}`,
      "Take another client: --client undici",
      { cause: error },
    );
  }
}
