import { type ChildProcessByStdio, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import type { Readable, Writable } from "node:stream";
import { getSystemErrorName } from "node:util";
import { BenchError } from "../../errors.js";
import { goName } from "../../go-toolchain.js";
import { monotonicMs } from "../../kernel/clock.js";
import type { LoadPlan } from "../../scenario/types.js";
import { Bookkeeper } from "../books/bookkeeper.js";
import { ProgressMeter } from "../books/progress.js";
import type { LoadCounts } from "../books/tally.js";
import { askedOf } from "../http/asked.js";
import { Success } from "../http/success.js";
import { warmUpPlan } from "../pace/warm-up.js";
import type { LoadBooks, LoadCountsSoFar, LoadProgress, LoadTarget, PreparedLoad, ThreadedClient } from "../types.js";

/** What the Go program says, a line of JSON each: see src/client/go/main.go. */
type FromGo =
  | { type: "ready"; threads: number }
  | ({ type: "intervals"; latencies?: number[][] } & Counts)
  | { type: "done"; counts: GoCounts };
type Counts = Record<"succeeded" | "failed" | "opened" | "noPort", number>;
/** `lastOutcomeMs`: since the start; -1 for none. */
type GoCounts = Pick<
  LoadCounts,
  | "sent"
  | "succeeded"
  | "failed"
  | "errors"
  | "statuses"
  | "errorsByCall"
  | "opened"
  | "connectsFailed"
  | "closed"
  | "closings"
  | "waitMs"
  | "lastOutcomeMs"
  | "unsent"
> &
  Record<"connects" | "handshakes" | "firstBytes" | "uncorrected", number[]>;

/**
 * Go's net/http with one http.Client for all requests, as a service would have it: a program of its own, the child of
 * this process, that keeps the books while the load goes on. It ends when this process does, however that ends.
 */
export const goClient: ThreadedClient = {
  async prepare(plan, target) {
    refuseWhatItCannot(plan);
    const load = new GoLoad(plan, target);
    await load.ready;
    return load;
  },
};

class GoLoad implements PreparedLoad {
  readonly clientName: string;
  /** Resolves when it waits for the word. */
  readonly ready: Promise<void>;
  readonly #plan: LoadPlan;
  readonly #target: LoadTarget;
  readonly #child: ChildProcessByStdio<Writable, Readable, null>;
  readonly #books = new Bookkeeper(1);
  readonly #done: Promise<GoCounts>;
  #threads = 1;
  readonly #meter = new ProgressMeter();
  #counts: LoadCountsSoFar = { succeeded: 0, failed: 0, connections: 0, noPort: 0 };

  constructor(plan: LoadPlan, target: LoadTarget) {
    const program = plan.go?.program;
    if (program === undefined) throw new Error("the Go client was not built before the trial");
    this.clientName = goName(program.version);
    this.#plan = plan;
    this.#target = target;
    this.#child = spawn(program.binary, [], { stdio: ["pipe", "pipe", "inherit"] });
    let isReady: () => void = () => {};
    let isDone: (counts: GoCounts) => void = () => {};
    const failed = new Promise<never>((_, reject) => {
      this.#child.once("error", reject);
      this.#child.once("exit", (code, signal) => reject(goClientDied(signal ?? `exit code ${code}`)));
    });
    this.ready = Promise.race([new Promise<void>((resolve) => (isReady = resolve)), failed]);
    this.#done = Promise.race([new Promise<GoCounts>((resolve) => (isDone = resolve)), failed]);
    for (const promise of [failed, this.ready, this.#done]) promise.catch(() => {});
    // Its end is told by 'exit'.
    this.#child.stdin.on("error", () => {});
    createInterface({ input: this.#child.stdout }).on("line", (line) => {
      const message = JSON.parse(line) as FromGo;
      switch (message.type) {
        case "ready":
          this.#threads = message.threads;
          return isReady();
        case "intervals":
          this.#books.intervals(0, (message.latencies ?? []).map(pairs));
          this.#counts = soFar(message);
          return;
        case "done":
          return isDone(message.counts);
      }
    });
    this.#say(JSON.stringify(asked(plan, target)));
  }

  /** By a program of its own: what is compiled beforehand needs no warming, and the server is the same. */
  async warmUp(): Promise<void> {
    const load = new GoLoad(warmUpPlan(this.#plan), this.#target);
    await load.ready;
    await load.run(new AbortController().signal);
  }

  async run(signal: AbortSignal): Promise<LoadBooks> {
    const startMs = monotonicMs();
    this.#meter.begin(startMs);
    if (signal.aborted) return this.#books.close(this.#plan, startMs, startMs);
    let endMs = startMs + this.#plan.durationMs;
    const stop = (): void => {
      endMs = Math.min(endMs, monotonicMs());
      this.#say("stop");
    };
    signal.addEventListener("abort", stop, { once: true });
    this.#say("go");
    try {
      this.#books.done(0, countsOf(await this.#done, startMs));
    } finally {
      signal.removeEventListener("abort", stop);
    }
    return { ...this.#books.close(this.#plan, startMs, endMs), threads: this.#threads };
  }

  progress(): LoadProgress {
    return this.#meter.read(this.#counts, this.#books.newRows());
  }

  #say(line: string): void {
    this.#child.stdin.write(`${line}\n`);
  }
}

function soFar({ succeeded, failed, opened, noPort }: Counts): LoadCountsSoFar {
  return { succeeded, failed, connections: opened, noPort };
}

function goClientDied(how: string): BenchError {
  return new BenchError(
    "client-died",
    `the Go client ended with ${how}`,
    "Was it killed, or was memory short? Run it again.",
  );
}

/** The plan as the Go program wants it. */
function asked(plan: LoadPlan, target: LoadTarget): Record<string, unknown> {
  if (plan.go === undefined) throw new Error("a plan for the client go that does not say how it treats connections");
  const { drain, idleConnections } = plan.go;
  const { method, headers, body, paths } = askedOf(plan);
  const { host, port, tls = null } = target;
  const success = new Success(plan);
  return {
    host,
    port,
    tls,
    paths,
    method,
    headers,
    body: body === null ? null : body.toString("base64"),
    success: Array.from({ length: 600 }, (_, status) => success.failure(status) === null),
    connections: plan.connections,
    durationMs: plan.durationMs,
    requests: plan.requests,
    close: plan.connection === "close",
    closer: plan.closer,
    timeoutMs: plan.timeoutMs,
    drain,
    idleConnections: idleConnections ?? plan.connections,
    pace: plan.pace,
    pauses: plan.pauses ?? null,
  };
}

function countsOf(
  { connects, handshakes, firstBytes, uncorrected, lastOutcomeMs, errors, errorsByCall, ...counts }: GoCounts,
  startMs: number,
): LoadCounts {
  return {
    ...counts,
    errors: named(errors),
    errorsByCall: named(errorsByCall),
    connects: pairs(connects),
    handshakes: pairs(handshakes),
    firstBytes: pairs(firstBytes),
    uncorrected: pairs(uncorrected),
    lastOutcomeMs: lastOutcomeMs < 0 ? Number.NEGATIVE_INFINITY : startMs + lastOutcomeMs,
  };
}

/** Go's standard library has no names of errnos: `connect errno:111` → `connect ECONNREFUSED`. */
function named(counts: Record<string, number>): Record<string, number> {
  const name = (_: string, errno: string): string => getSystemErrorName(-Number(errno));
  return Object.fromEntries(
    Object.entries(counts).map(([kind, count]) => [kind.replace(/errno:(\d+)$/u, name), count]),
  );
}

function pairs(numbers: readonly number[]): Uint32Array<ArrayBuffer> {
  return Uint32Array.from(numbers);
}

function refuseWhatItCannot({ closer, connection, requestsPerConnection, sockets }: LoadPlan): void {
  const cannot =
    closer === "reset"
      ? "end its connections by a reset"
      : sockets !== undefined
        ? "be told how to make its sockets"
        : connection === "keep-alive" && requestsPerConnection !== null
          ? "close a connection after a number of requests"
          : null;
  if (cannot === null) return;
  throw new BenchError("bad-scenario", `the client go cannot ${cannot}`, "Take another client: --client undici");
}
