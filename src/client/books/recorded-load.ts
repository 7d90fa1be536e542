import { BenchError } from "../../errors.js";
import type { LoadPlan } from "../../scenario/types.js";
import { ConnectionLedger } from "./ledger.js";
import { Recorder } from "./recorder.js";
import { warmUpPlan } from "../pace/warm-up.js";
import type { LoadBooks, LoadClient, LoadProgress, LoadTarget, PreparedLoad } from "../types.js";

/** A load whose client tells a recorder of each request, and whose connections are seen by the ledger. */
export class RecordedLoad implements PreparedLoad {
  readonly clientName: string;
  readonly #client: LoadClient;
  readonly #plan: LoadPlan;
  readonly #target: LoadTarget;
  readonly #recorder: Recorder;
  readonly #ledger = new ConnectionLedger();

  /** @throws BenchError `bad-scenario` for what sockets of Node cannot do */
  constructor(client: LoadClient, plan: LoadPlan, target: LoadTarget) {
    requireNothingOfSockets(plan);
    this.clientName = client.name;
    this.#client = client;
    this.#plan = plan;
    this.#target = target;
    this.#recorder = new Recorder(plan);
  }

  async warmUp(): Promise<void> {
    const plan = warmUpPlan(this.#plan);
    await this.#client.run(plan, this.#target, new Recorder(plan), new AbortController().signal);
  }

  async run(signal: AbortSignal): Promise<LoadBooks> {
    const stopped = (): void => this.#recorder.stopped();
    signal.addEventListener("abort", stopped, { once: true });
    this.#ledger.start();
    try {
      // Told to end before it began, it has sent nothing.
      if (!signal.aborted) await this.#client.run(this.#plan, this.#target, this.#recorder, signal);
    } finally {
      this.#ledger.stop();
      signal.removeEventListener("abort", stopped);
    }
    const { failedBy: _counted, ...seen } = this.#ledger.report();
    return { ...this.#recorder.close(), ...seen };
  }

  progress(): LoadProgress {
    return this.#recorder.progress(this.#ledger.opened);
  }
}

function requireNothingOfSockets({ client, closer, sockets }: LoadPlan): void {
  if (closer !== "reset" && sockets === undefined) return;
  throw new BenchError(
    "bad-scenario",
    `the client ${client} cannot ${closer === "reset" ? "end its connections by a reset" : "be told how to make its sockets"}`,
    "Take the client that can: --client epoll",
  );
}
