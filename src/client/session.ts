import { BenchError } from "../errors.js";
import type { ClientKind, LoadPlan } from "../scenario/types.js";
import { ConnectionLedger } from "./ledger.js";
import { Recorder } from "./recorder.js";
import type { FromClient, LoadClient, LoadReport, LoadTarget, ToClient } from "./types.js";

const PROGRESS_MS = 100;

/**
 * One load from its plan to its report, as messages: plan → ready, go → progress …, and at the end exactly one of done
 * and failed. Nothing that comes later is answered.
 */
export class LoadSession {
  readonly #load: (kind: ClientKind) => Promise<LoadClient>;
  readonly #tell: (message: FromClient) => void;
  readonly #stop = new AbortController();
  #planned: { client: LoadClient; plan: LoadPlan; target: LoadTarget } | null = null;
  #running: Recorder | null = null;
  #over = false;

  constructor(load: (kind: ClientKind) => Promise<LoadClient>, tell: (message: FromClient) => void) {
    this.#load = load;
    this.#tell = tell;
  }

  /** Resolves when what the message set going is done; never rejects. */
  async receive(message: ToClient): Promise<void> {
    try {
      switch (message.type) {
        case "plan":
          return await this.#prepare(message.plan, message.target);
        case "go":
          return await this.#run();
        case "stop":
          return this.#interrupt();
      }
    } catch (error) {
      this.fail(error);
    }
  }

  /** An exception that nobody expected, from wherever it comes. */
  fail(error: unknown): void {
    this.#end({ type: "failed", message: describe(error) });
  }

  async #prepare(plan: LoadPlan, target: LoadTarget): Promise<void> {
    const client = await this.#load(plan.client);
    this.#planned = { client, plan, target };
    if (!this.#over) this.#tell({ type: "ready", clientName: client.name });
  }

  async #run(): Promise<void> {
    if (this.#planned === null) throw new Error("told to go without a plan");
    if (this.#running !== null || this.#over) return;
    const { client, plan, target } = this.#planned;
    const recorder = new Recorder(plan);
    const ledger = new ConnectionLedger();
    this.#running = recorder;
    ledger.start();
    const progress = setInterval(() => {
      if (!this.#over) this.#tell({ type: "progress", progress: recorder.progress(ledger.opened) });
    }, PROGRESS_MS);
    try {
      await client.run(plan, target, recorder, this.#stop.signal);
      this.#end({ type: "done", report: reportOf(client, recorder, ledger) });
    } finally {
      clearInterval(progress);
      ledger.stop();
    }
  }

  /** Before `go` it leaves nothing to wait for: the report is that of a load that sent nothing. */
  #interrupt(): void {
    this.#stop.abort();
    this.#running?.stopped();
    if (this.#running !== null || this.#planned === null) return;
    const { client, plan } = this.#planned;
    this.#end({ type: "done", report: reportOf(client, new Recorder(plan), new ConnectionLedger()) });
  }

  #end(message: FromClient): void {
    if (this.#over) return;
    this.#over = true;
    // A load that has failed by something unexpected must not run on.
    this.#stop.abort();
    this.#tell(message);
  }
}

function reportOf(client: LoadClient, recorder: Recorder, ledger: ConnectionLedger): LoadReport {
  const { connections, connectHistogram } = ledger.report();
  return { clientName: client.name, ...recorder.close(), connections, connectHistogram };
}

/** What a user can mend needs no stack; a bug of ours does. */
function describe(error: unknown): string {
  if (error instanceof BenchError) return `${error.message}\n${error.hint}`;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
