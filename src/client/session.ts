import { BenchError, type ErrorCode } from "../errors.js";
import type { ClientKind, LoadPlan } from "../scenario/types.js";
import { thrownIn } from "./http/failure-kind.js";
import { RecordedLoad } from "./books/recorded-load.js";
import type { FromClient, LoadClient, LoadTarget, PreparedLoad, ThreadedClient, ToClient } from "./types.js";

/** Each message wakes up three processes on the way to whoever watches, while the load wants both cores. */
const PROGRESS_MS = 250;

const LIBRARIES = ["undici", "autocannon"] as const;

type LoadTheClient = (kind: ClientKind) => Promise<LoadClient | ThreadedClient>;

/**
 * One load from its plan to its report, as messages: plan → ready, warm-up → warm, go → progress …, and at the end exactly one of done
 * and failed. Nothing that comes later is answered.
 */
export class LoadSession {
  readonly #load: LoadTheClient;
  readonly #tell: (message: FromClient) => void;
  readonly #stop = new AbortController();
  #planned: PreparedLoad | null = null;
  #running = false;
  #over = false;

  constructor(load: LoadTheClient, tell: (message: FromClient) => void) {
    this.#load = load;
    this.#tell = tell;
  }

  /** Resolves when what the message set going is done; never rejects. */
  async receive(message: ToClient): Promise<void> {
    try {
      switch (message.type) {
        case "plan":
          return await this.#prepare(message.plan, message.target);
        case "warm-up":
          return await this.#warmUp();
        case "go":
          return await this.#run();
        case "stop":
          return await this.#interrupt();
      }
    } catch (error) {
      this.fail(error);
    }
  }

  /** An exception that nobody expected, from wherever it comes. */
  fail(error: unknown): void {
    this.#end({ type: "failed", ...describe(error) });
  }

  async #prepare(plan: LoadPlan, target: LoadTarget): Promise<void> {
    const client = await this.#load(plan.client);
    const load = "prepare" in client ? await client.prepare(plan, target) : new RecordedLoad(client, plan, target);
    this.#planned = load;
    if (!this.#over) this.#tell({ type: "ready", clientName: load.clientName });
  }

  async #warmUp(): Promise<void> {
    if (this.#planned === null) throw new Error("told to warm up without a plan");
    await this.#planned.warmUp();
    if (!this.#over) this.#tell({ type: "warm" });
  }

  async #run(): Promise<void> {
    if (this.#planned === null) throw new Error("told to go without a plan");
    if (this.#running || this.#over) return;
    this.#running = true;
    const load = this.#planned;
    const progress = setInterval(() => {
      if (!this.#over) this.#tell({ type: "progress", progress: load.progress() });
    }, PROGRESS_MS);
    try {
      const books = await load.run(this.#stop.signal);
      this.#end({ type: "done", report: { clientName: load.clientName, ...books } });
    } finally {
      clearInterval(progress);
    }
  }

  /** Before `go` it leaves nothing to wait for: the report is that of a load that sent nothing. */
  async #interrupt(): Promise<void> {
    this.#stop.abort();
    if (!this.#running && this.#planned !== null) await this.#run();
  }

  #end(message: FromClient): void {
    if (this.#over) return;
    this.#over = true;
    // A load that has failed by something unexpected must not run on.
    this.#stop.abort();
    this.#tell(message);
  }
}

/** What a user can mend needs no stack, nor does a library's own fault; a bug of ours does. */
function describe(error: unknown): { message: string; code: ErrorCode | null; hint: string } {
  if (error instanceof BenchError) return { message: error.message, code: error.code, hint: error.hint };
  const library = LIBRARIES.find((name) => thrownIn(name, error));
  const { message, stack = message } = error instanceof Error ? error : new Error(String(error));
  if (library === undefined) return { message: stack, code: null, hint: "" };
  return {
    message: `${library} failed by a fault of its own: ${message.split("\n")[0]}`,
    code: "client-died",
    hint: "Take another client: --client epoll",
  };
}
