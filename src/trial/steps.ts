import type { LoadProgress, LoadReport } from "../client/types.js";
import { BenchError } from "../errors.js";
import { unlessAborted } from "../interrupted.js";
import { withAddressesIn } from "../lab/in-braces.js";
import type { Host, Lab } from "../lab/types.js";
import { startProbe } from "../probe/conduct.js";
import type { Probe } from "../probe/types.js";
import type { Measurement } from "../result/measurement.js";
import type { SampleMessage } from "../sampler/types.js";
import {
  allPhases,
  type BlockStep,
  type CommandStep,
  type Figures,
  type LoadStep,
  type Phase,
  SOCKET_STEPS,
  type SocketStep,
} from "../scenario/phases/types.js";
import type { LoadPlan, Role, Variant } from "../scenario/types.js";
import { takeLoad } from "./load-step.js";

export interface StepsOptions {
  variant: Variant;
  lab: Lab;
  /** Of the server under test. */
  port: number;
  signal: AbortSignal;
  /** Resolves or rejects when the server is gone, which ends the steps. */
  serverDied: Promise<never>;
  /** @param load whose it is, of several */
  onProgress(progress: LoadProgress, load: LoadPlan): void;
  /** Of the whole trial, still growing. */
  samples: Readonly<Record<Role, readonly SampleMessage[]>>;
  /** What the trial's Measurement says of each load as well. */
  common: Pick<Measurement, "order" | "isolation" | "shared" | "calibration" | "serverName" | "sysctls">;
}

export interface StepsOutcome {
  figures: Figures;
  /** Of the last load; null without one. */
  report: LoadReport | null;
  /** Of the last load: what it was, and what names its CPU times; null without one. */
  client: { name: string; processId: string } | null;
  /** Why it did not come to its end; null when it did, or was interrupted. */
  failure: BenchError | null;
}

/** The story of a variant's steps, in their order, in the lab that stands. What was measured until a failure is kept. */
export async function takeSteps(options: StepsOptions): Promise<StepsOutcome> {
  const steps = new Steps(options);
  const { signal, serverDied } = options;
  try {
    await steps.begin();
    await Promise.race([steps.inTurn(options.variant.phases), serverDied]);
    return { ...steps.outcome, failure: null };
  } catch (error) {
    if (!signal.aborted && !(error instanceof BenchError)) throw error;
    // A copy: what went on beside the step that failed may still come to its end.
    const figures = { ...steps.outcome.figures };
    return { ...steps.outcome, figures, failure: error instanceof BenchError && !signal.aborted ? error : null };
  } finally {
    steps.stop();
  }
}

class Steps {
  readonly outcome: Omit<StepsOutcome, "failure"> = { figures: {}, report: null, client: null };
  readonly #options: StepsOptions;
  readonly #probes = new Map<string, Probe>();
  readonly #running = new Set<() => void>();

  constructor(options: StepsOptions) {
    this.#options = options;
  }

  /** Counters begin here, and probes are ready before the first step needs one. */
  async begin(): Promise<void> {
    const { lab, variant } = this.#options;
    const probed = new Set(
      allPhases(variant.phases)
        .filter(isSocketStep)
        .map(({ on }) => on),
    );
    await Promise.all([
      ...[...new Set(lab.all.values())].map((host) => host.mark()),
      ...[...probed].map(async (name) => this.#probes.set(name, await startProbe(this.#host(name)))),
    ]);
  }

  async inTurn(phases: readonly Phase[]): Promise<void> {
    for (const phase of phases) {
      this.#options.signal.throwIfAborted();
      await this.#take(phase);
    }
  }

  /** Loads that are still under way end early. */
  stop(): void {
    for (const stop of this.#running) stop();
  }

  async #take(phase: Phase): Promise<void> {
    switch (phase.do) {
      case "load":
        return this.#note(phase, await this.#load(phase));
      case "wait":
        return this.#wait(phase.forMs);
      case "sysctl":
        return this.#note(phase, { ...(await this.#host(phase.on).sysctl(phase)) });
      case "read":
        return this.#note(phase, await this.#host(phase.on).read(phase));
      case "await":
        return this.#note(phase, { ...(await this.#unlessInterrupted(this.#host(phase.on).awaitFigure(phase))) });
      case "link":
        return this.#host(phase.on).link(phase.state);
      case "command":
        return this.#note(phase, await this.#command(phase));
      case "together":
      case "in-turn":
        return this.#block(phase);
      case "listen":
      case "accept":
      case "bind":
      case "connect":
      case "outcome":
      case "options":
      case "send":
      case "receive":
      case "shutdown":
      case "close":
      case "segment":
      case "flood":
        return this.#note(phase, await this.#unlessInterrupted(this.#probe(phase.on).take(phase, this.#address)));
    }
  }

  async #block({ do: kind, phases }: BlockStep): Promise<void> {
    if (kind === "in-turn") return this.inTurn(phases);
    await Promise.all(phases.map((phase) => this.#take(phase)));
  }

  #note({ name }: Phase, figures: Readonly<Figures>): void {
    for (const [figure, value] of Object.entries(figures)) this.outcome.figures[`${name}.${figure}`] = asNumber(value);
  }

  async #load(step: LoadStep): Promise<Figures> {
    const hosts = { from: this.#host(step.on), target: this.#host(step.to) };
    const { figures, ...last } = await takeLoad(step, hosts, this.#options, this.#running);
    Object.assign(this.outcome, last);
    return figures;
  }

  #command(step: CommandStep): Promise<Figures> {
    const { all } = this.#options.lab;
    const command = withAddressesIn(step.command, (name) =>
      name === "silence" ? this.#address(name) : all.get(name)?.address,
    );
    return this.#unlessInterrupted(this.#host(step.on).run({ ...step, command }));
  }

  #wait(forMs: number): Promise<void> {
    let timer: NodeJS.Timeout;
    const over = new Promise<void>((resolve) => (timer = setTimeout(resolve, forMs)));
    return this.#unlessInterrupted(over).finally(() => clearTimeout(timer));
  }

  #unlessInterrupted<T>(work: Promise<T>): Promise<T> {
    return unlessAborted(this.#options.signal, work);
  }

  #host(name: string): Host {
    const host = this.#options.lab.all.get(name);
    if (host !== undefined) return host;
    throw new BenchError(
      "lab-failed",
      `the lab has no host ${name}`,
      "Without isolation there is one host alone: run it where namespaces are permitted (bench doctor).",
    );
  }

  #probe(host: string): Probe {
    return this.#probes.get(host)!;
  }

  readonly #address = (name: string): string => {
    if (name !== "silence") return this.#host(name).address;
    const { silentAddress } = this.#options.lab;
    if (silentAddress !== null) return silentAddress;
    throw new BenchError(
      "lab-failed",
      "this lab has no address at which nobody answers",
      "It takes a lab of two hosts: run it where namespaces are permitted (bench doctor), and not on loopback.",
    );
  };
}

function isSocketStep(phase: Phase): phase is SocketStep & { name: string } {
  return SOCKET_STEPS.some((kind) => kind === phase.do);
}

/** Settings are text, and compared as numbers where they are some. */
function asNumber(value: Figures[string]): Figures[string] {
  return typeof value === "string" && /^-?\d+$/u.test(value) ? Number(value) : value;
}
