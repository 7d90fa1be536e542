import { BenchError } from "../errors.js";
import type { HostSnapshot, SampleMessage } from "../sampler/types.js";
import { AgentLink, type Told } from "./agent-link.js";
import { intoAccount, isOwnAccount } from "./ids.js";
import { ProcessProxy } from "./process-proxy.js";
import type {
  AwaitOutcome,
  AwaitRequest,
  Calibration,
  CommandRequest,
  Host,
  HostProcess,
  HostReading,
  LabOptions,
  ListeningSocket,
  ReadyProbe,
  SamplingRequest,
  SpawnSpec,
  SysctlOutcome,
  SysctlRequest,
} from "./types.js";
import { type Card, familyOf, plugLines, unplugLines } from "./wiring.js";

interface Listeners {
  onSample: ((sample: SampleMessage) => void) | null;
  onFault: (message: string) => void;
}

/** What is put before command lines, and whether programs can be run as other accounts. */
export interface Ways {
  into: readonly string[];
  asUser: readonly string[];
  accounts: boolean;
}

export interface HostCare {
  /** Gets the process to watch, and what ends the host, as soon as there is something to end. */
  acquired(pid: number, end: () => Promise<void>): void;
  /** The host has ended although nobody has asked for it. */
  onLost(error: BenchError): void;
}

/** A host as the conductor sees it: every method is a question to its agent. */
export class AgentHost implements Host {
  readonly name: string;
  readonly addresses: readonly string[];
  readonly asUser: readonly string[];
  readonly #accounts: boolean;
  readonly #link: AgentLink;
  readonly #processes: Map<string, ProcessProxy>;
  readonly #listeners: Listeners;
  /** true for the machine itself, whose settings are never touched. */
  readonly #real: boolean;
  #cards: readonly Card[] = [];

  /**
   * @param ways what leads into the host's namespaces, nothing for no isolation; what leads its programs to whom they are for
   * @param care what looks after the host
   */
  static async start(
    name: string,
    addresses: readonly string[],
    { into, ...ways }: Ways,
    { onSamplerFault, observe }: Pick<LabOptions, "onSamplerFault" | "observe">,
    care: HostCare,
  ): Promise<AgentHost> {
    const processes = new Map<string, ProcessProxy>();
    const listeners: Listeners = { onSample: null, onFault: onSamplerFault };
    // What ran on a host that is gone has ended with it, however it was lost.
    const onEnd = (lost: BenchError | null): void => {
      if (lost !== null) care.onLost(lost);
      for (const process of processes.values())
        process.receiveExit({ code: null, signal: "the end of its host", lastLines: [] });
    };
    const link = new AgentLink(name, into, onTold, onEnd, observe);
    care.acquired(link.pid, () => link.end());
    await link.greeted();
    return new AgentHost(name, addresses, link, { processes, listeners, ways, real: into.length === 0 });

    function onTold(told: Told): void {
      switch (told.type) {
        case "samples":
          for (const sample of told.samples) listeners.onSample?.(sample);
          return;
        case "sampler-fault":
          listeners.onFault(told.message);
          return;
        case "message":
          processes.get(told.processId)?.receiveMessage(told.message);
          return;
        case "line":
          processes.get(told.processId)?.receiveLine(told.line);
          return;
        case "exit":
          processes.get(told.processId)?.receiveExit(told);
      }
    }
  }

  private constructor(
    name: string,
    addresses: readonly string[],
    link: AgentLink,
    parts: { processes: Map<string, ProcessProxy>; listeners: Listeners; ways: Omit<Ways, "into">; real: boolean },
  ) {
    this.name = name;
    this.addresses = addresses;
    this.#link = link;
    this.#processes = parts.processes;
    this.#listeners = parts.listeners;
    this.#real = parts.real;
    this.asUser = parts.ways.asUser;
    this.#accounts = parts.ways.accounts;
  }

  get address(): string {
    return this.addresses[0]!;
  }

  get listenAddress(): string {
    return this.addresses.length === 1 ? this.address : familyOf(this.address) === "ipv6" ? "::" : "0.0.0.0";
  }

  /** Lives in the host's network namespace, in our PID namespace. */
  get pid(): number {
    return this.#link.pid;
  }

  async spawn({ label, program }: SpawnSpec): Promise<HostProcess> {
    const spec = { label, program: "shell" in program ? { ...program, asUser: this.#waysTo(program.user) } : program };
    const processId = `${spec.label}-${this.#processes.size}`;
    const proxy = new ProcessProxy(processId, this.#link);
    this.#processes.set(processId, proxy);
    try {
      await this.#link.ask("spawn", { processId, spec });
    } catch (error) {
      if (error instanceof BenchError) throw error;
      throw new BenchError(
        "tool-missing",
        `the ${spec.label} could not be started: ${(error as Error).message}`,
        "Check that the program is installed and may be run by this user.",
      );
    }
    return proxy;
  }

  #waysTo(account: string | undefined): readonly string[] {
    if (account === undefined || isOwnAccount(account)) return this.asUser;
    // A user is root in his own lab, and on the machine itself he is not.
    if (this.#accounts || (account === "root" && !this.#real)) return intoAccount(account);
    throw new BenchError(
      "bad-scenario",
      `a program is to run as ${account}, and ${this.#real ? "without isolation only root can do that" : "this user's lab has no other accounts"}`,
      this.#real
        ? "Run bench as root, or leave `user` out."
        : "Run it as root, or get ids for it: the package uidmap, then sudo usermod --add-subuids 100000-165535 --add-subgids 100000-165535 NAME.",
    );
  }

  /** @param cards what link() takes away */
  async wire(networkLines: readonly string[], cards: readonly Card[]): Promise<void> {
    this.#cards = cards;
    await this.#link.ask("network", { lines: ["link set lo up", ...networkLines] });
  }

  /** Of a bridge on this host, once those at the other ends of its cables are wired. */
  async untilPortsForward(): Promise<void> {
    await this.#link.ask("untilPortsForward", {});
  }

  /** Calibrated before its sysctls are set: some of them change what is counted. */
  async setUp(sysctls: Record<string, string>): Promise<Calibration> {
    const calibration = await this.#link.ask("calibrate", {});
    await this.#link.ask("writeSysctls", { settings: sysctls });
    await this.mark();
    return calibration;
  }

  quietPort(from: number): Promise<number> {
    return this.#link.ask("quietPort", { from });
  }

  listening(): Promise<ListeningSocket[]> {
    return this.#link.ask("listening", {});
  }

  holdText(text: string): Promise<string> {
    return this.#link.ask("holdText", { text });
  }

  snapshot(): Promise<HostSnapshot> {
    return this.#link.ask("snapshot", {});
  }

  async waitUntilReady(probe: ReadyProbe): Promise<void> {
    await this.#link.ask("waitUntilReady", { probe });
  }

  async startSampling(request: SamplingRequest, onSample: (sample: SampleMessage) => void): Promise<void> {
    this.#listeners.onSample = onSample;
    await this.#link.ask("startSampling", { request });
  }

  async stopSampling(): Promise<void> {
    await this.#link.ask("stopSampling", {});
    this.#listeners.onSample = null;
  }

  async settle(timeoutMs: number): Promise<void> {
    await this.#link.ask("settle", { timeoutMs });
  }

  async clearTimeWait(): Promise<void> {
    await this.#link.ask("clearTimeWait", {});
  }

  readSysctls(keys: readonly string[]): Promise<Record<string, string>> {
    return this.#link.ask("readSysctls", { keys });
  }

  read(ask: { port: number | null }): Promise<HostReading> {
    return this.#link.ask("read", ask);
  }

  async mark(): Promise<void> {
    await this.#link.ask("mark", {});
  }

  awaitFigure(ask: AwaitRequest): Promise<AwaitOutcome> {
    return this.#link.ask("awaitFigure", ask);
  }

  async sysctl(ask: SysctlRequest): Promise<SysctlOutcome> {
    if (!this.#real || ask.value === null) return this.#link.ask("sysctl", ask);
    return { ...(await this.#link.ask("sysctl", { ...ask, value: null })), outcome: "forbidden" };
  }

  async link(state: "up" | "down"): Promise<void> {
    if (this.#cards.length === 0)
      throw new BenchError(
        "bad-scenario",
        `${this.name} has no cable that could be ${state === "up" ? "put back" : "taken away"}`,
        "Use a topology in which each host is joined by a cable, such as two-hosts.",
      );
    const lines = this.#cards.flatMap(state === "up" ? plugLines : unplugLines);
    await this.#link.ask("network", { lines });
  }

  run(ask: CommandRequest): Promise<HostReading> {
    return this.#link.ask("run", ask);
  }
}
