import type { LoadProgress, LoadReport } from "../client/types.js";
import { BenchError } from "../errors.js";
import type { RunEvents } from "../events/events.js";
import { monotonicMs } from "../kernel/clock.js";
import { filledCommand } from "../lab/placeholders.js";
import type { Host } from "../lab/types.js";
import { startProbe } from "../probe/conduct.js";
import type { Probe } from "../probe/types.js";
import type { StepTimes } from "../result/measurement.js";
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
import type { LoadPlan } from "../scenario/types.js";
import { unlessAborted } from "../waiting/unless-aborted.js";
import { allHosts } from "./hosts.js";
import { takeLoad } from "./load-step.js";
import { withPorts } from "./ports.js";
import type { Standing } from "./standing.js";

export interface StepsOptions {
  signal: AbortSignal;
  events: RunEvents;
  /** Tells how a load goes. */
  progressOf(step: string, load: LoadPlan): (progress: LoadProgress) => void;
}

export interface StepsOutcome {
  figures: Figures;
  /** Those that have begun. */
  steps: StepTimes[];
  /** Of the last load; null without one. */
  report: LoadReport | null;
  /** Of the last load: what it was, and what names its CPU times; null without one. */
  client: { name: string; processId: string } | null;
  /** Why it did not come to its end; null when it did, or was interrupted. */
  failure: BenchError | null;
}

/** The story of a variant's steps, in their order, in the lab that stands. What was measured until a failure is kept. */
export async function takeSteps(standing: Standing, options: StepsOptions): Promise<StepsOutcome> {
  const steps = new Steps(standing, options);
  const { signal } = options;
  try {
    await steps.begin();
    await Promise.race([steps.inTurn(standing.variant.phases), standing.server.died]);
    return { ...steps.outcome, failure: null };
  } catch (error) {
    if (!signal.aborted && !(error instanceof BenchError)) throw error;
    await steps.endLoads();
    // Copies: what went on beside the step that failed may still come to its end.
    const figures = { ...steps.outcome.figures };
    const taken = steps.outcome.steps.map((step) => ({ ...step }));
    return {
      ...steps.outcome,
      figures,
      steps: taken,
      failure: error instanceof BenchError && !signal.aborted ? error : null,
    };
  }
}

class Steps {
  readonly outcome: Omit<StepsOutcome, "failure"> = { figures: {}, steps: [], report: null, client: null };
  readonly #standing: Standing;
  readonly #options: StepsOptions;
  readonly #probes = new Map<string, Probe>();
  readonly #loads = new Set<Promise<void>>();
  readonly #end = new AbortController();
  /** Aborted by Ctrl-C, and when another step has failed. */
  readonly #signal: AbortSignal;

  constructor(standing: Standing, options: StepsOptions) {
    this.#standing = standing;
    this.#options = options;
    this.#signal = AbortSignal.any([options.signal, this.#end.signal]);
  }

  /** Counters begin here, and probes are ready before the first step needs one. */
  async begin(): Promise<void> {
    const { lab, variant } = this.#standing;
    const probed = new Set(
      allPhases(variant.phases)
        .filter(isSocketStep)
        .map(({ on }) => on),
    );
    await Promise.all([
      ...allHosts(lab).map((host) => host.mark()),
      ...[...probed].map(async (name) => this.#probes.set(name, await startProbe(this.#host(name)))),
    ]);
  }

  async inTurn(phases: readonly Phase[]): Promise<void> {
    for (const phase of phases) {
      this.#signal.throwIfAborted();
      await this.#take(phase);
    }
  }

  /** Loads that are still under way end early; what they have measured is kept. */
  async endLoads(): Promise<void> {
    this.#end.abort();
    await Promise.allSettled(this.#loads);
  }

  #take(phase: Phase): Promise<void> {
    const taken = this.#takeAndNote(phase);
    if (phase.do === "load") this.#loads.add(taken);
    return taken;
  }

  async #takeAndNote(phase: Phase): Promise<void> {
    const step = { step: phase.name, does: phase.do };
    const times: StepTimes = { ...step, beganAtMs: monotonicMs(), endedAtMs: null, fault: null };
    this.outcome.steps.push(times);
    const figures = await this.#options.events
      .step(step, () => this.#figuresOf(phase))
      .catch((error: Error) => {
        times.fault = error.message;
        throw error;
      })
      .finally(() => (times.endedAtMs = monotonicMs()));
    for (const [figure, value] of Object.entries(figures))
      this.outcome.figures[`${phase.name}.${figure}`] = asNumber(value);
  }

  async #figuresOf(phase: Phase): Promise<Figures> {
    switch (phase.do) {
      case "load":
        return this.#load(phase);
      case "wait":
        return this.#wait(phase.forMs);
      case "sysctl":
        return { ...(await this.#host(phase.on).sysctl(phase)) };
      case "read":
        return this.#host(phase.on).read(phase);
      case "await":
        return { ...(await this.#unlessInterrupted(this.#host(phase.on).awaitFigure(phase))) };
      case "link":
        if (phase.state !== null) await this.#host(phase.on).link(phase.state);
        await this.#standing.lab.cables?.change(phase.changes);
        return {};
      case "command":
        return this.#command(phase);
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
      case "disconnect":
      case "info":
      case "close":
      case "segment":
      case "hear":
      case "peer":
      case "flood":
        return this.#unlessInterrupted(
          this.#probe(phase.on).take(withPorts(phase, this.outcome.figures), this.#address),
        );
    }
  }

  async #block({ do: kind, phases }: BlockStep): Promise<Figures> {
    if (kind === "in-turn") await this.inTurn(phases);
    else await Promise.all(phases.map((phase) => this.#take(phase)));
    return {};
  }

  async #load(step: LoadStep & { name: string }): Promise<Figures> {
    const roles = { client: this.#host(step.on), server: this.#host(step.to) };
    const onProgress = this.#options.progressOf(step.name, step.load);
    const { report, client, figures } = await takeLoad(step, roles, this.#standing, this.#signal, onProgress);
    Object.assign(this.outcome, { report, client });
    return figures;
  }

  #command(step: CommandStep): Promise<Figures> {
    const { all } = this.#standing.lab;
    const filled = filledCommand(step, (name) => (name === "silence" ? this.#address(name) : all.get(name)?.address));
    return this.#unlessInterrupted(this.#host(step.on).run(filled));
  }

  async #wait(forMs: number): Promise<Figures> {
    const beganMs = monotonicMs();
    let timer: NodeJS.Timeout;
    const over = new Promise<void>((resolve) => (timer = setTimeout(resolve, forMs)));
    await this.#unlessInterrupted(over).finally(() => clearTimeout(timer));
    const tookMs = monotonicMs() - beganMs;
    return { tookMs, lateMs: Math.max(0, tookMs - forMs) };
  }

  #unlessInterrupted<T>(work: Promise<T>): Promise<T> {
    return unlessAborted(this.#signal, work);
  }

  #host(name: string): Host {
    const host = this.#standing.lab.all.get(name);
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
    const { silentAddress } = this.#standing.lab;
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
