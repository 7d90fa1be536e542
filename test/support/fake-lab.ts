import type { FromClient, ToClient } from "../../src/client/types.js";
import type { Host, HostProcess, Lab, LabOptions, ProcessExit, SpawnSpec } from "../../src/lab/types.js";
import type { FromHello, ToHello } from "../../src/server/types.js";
import { gaugeAt, reportOf, snapshotOf } from "../result/fixture.js";
import { AFTER_ONE_REQUEST } from "./one-request.js";

/** Called before each thing that is done in a lab, such as `server snapshot`; what it throws, that fails with. */
export type Script = (what: string, lab: FakeLab) => void;

/** A lab without namespaces and without processes: a client and a server that do as they are told, at once. */
export class FakeLab {
  /** All that was done, in order: `client start client`, `client go`, `close`. */
  readonly done: string[] = [];
  /** Processes that run, by their label. */
  readonly #running = new Map<string, FakeProcess>();
  /** How many more looks find a process of it stopped. */
  stoppedFor = 0;
  readonly #script: Script;
  #options: LabOptions | null = null;

  constructor(script: Script = () => {}) {
    this.#script = script;
  }

  readonly open = async (_plan: unknown, options: LabOptions): Promise<Lab> => {
    this.#options = options;
    this.note("open");
    const [client, server] = [this.#host("client", "198.19.0.1"), this.#host("server", "198.18.0.1")];
    const calibration = { known: 1, counted: 1, left: 0 };
    return {
      isolation: "namespace",
      hosts: { client, server },
      all: new Map([
        ["client", client],
        ["server", server],
      ]),
      front: server,
      shared: false,
      silentAddress: null,
      silentNetwork: null,
      cables: null,
      isAnyStopped: () => this.stoppedFor-- > 0,
      calibration: { client: calibration, server: calibration },
      close: async () => {
        this.done.push("close");
        for (const label of this.#running.keys()) this.end(label);
      },
    };
  };

  /** A sampler cannot read. */
  samplerFault(message: string): void {
    this.#options?.onSamplerFault(message);
  }

  /** A process ends, as if it had been killed. */
  end(label: string): void {
    this.#running.get(label)?.end({ code: null, signal: "SIGKILL", lastLines: [] });
  }

  note(what: string): void {
    this.done.push(what);
    this.#script(what, this);
  }

  #host(name: string, address: string): Host {
    const noted =
      <Asked extends unknown[], T>(what: string, answer: (...asked: Asked) => T) =>
      async (...asked: Asked): Promise<T> => {
        this.note(`${name} ${what}`);
        return answer(...asked);
      };
    return {
      name,
      address,
      addresses: [address],
      listenAddress: address,
      asUser: [],
      spawn: async (spec) => {
        this.note(`${name} start ${spec.label}`);
        const process = new FakeProcess(spec, (what) => this.note(`${name} ${what}`));
        this.#running.set(spec.label, process);
        return process;
      },
      listening: noted("listening", () => []),
      snapshot: noted("snapshot", () => snapshotOf({}, 0, 0, performance.now())),
      quietPort: noted("quietPort", (from: number) => from),
      holdText: noted("holdText", () => "/dev/null"),
      waitUntilReady: noted("waitUntilReady", () => {}),
      startSampling: noted("startSampling", (_request, onSample: Parameters<Host["startSampling"]>[1]) =>
        onSample(gaugeAt(performance.now(), 23)),
      ),
      stopSampling: noted("stopSampling", () => {}),
      settle: noted("settle", () => {}),
      clearTimeWait: noted("clearTimeWait", () => {}),
      readSysctls: noted("readSysctls", () => ({})),
      read: noted("read", () => ({ time_wait: 23 })),
      mark: noted("mark", () => {}),
      awaitFigure: noted("awaitFigure", () => ({ reached: 1 as const, tookMs: 1, blindMs: 0, value: 23 })),
      sysctl: noted("sysctl", () => ({ outcome: "read" as const, before: "1", after: "1" })),
      link: noted("link", () => {}),
      run: noted("run", () => ({})),
    };
  }
}

/** Speaks as the embedded server or the load client does. A load goes on until it is stopped, or 20 ms long. */
class FakeProcess implements HostProcess {
  readonly id: string;
  readonly exited: Promise<ProcessExit>;
  end!: (exit: ProcessExit) => void;
  #listener: ((message: unknown) => void) | null = null;
  #waiting: unknown[] = [];
  #load: NodeJS.Timeout | undefined;
  readonly #note: (what: string) => void;

  constructor({ label }: SpawnSpec, note: (what: string) => void) {
    this.id = `${label}-0`;
    this.#note = note;
    this.exited = new Promise((resolve) => {
      this.end = (exit) => {
        clearTimeout(this.#load);
        this.#listener = null;
        resolve(exit);
      };
    });
    if (label === "server") this.#say({ type: "awake" } satisfies FromHello);
  }

  /** Where the script throws, the process ends: to send is no more than to send. */
  send(message: unknown): void {
    const { type } = message as ToClient | ToHello;
    try {
      if (type !== "stop") this.#note(type);
    } catch {
      this.kill();
    }
    if (type === "listen") this.#say({ type: "listening" } satisfies FromHello);
    if (type === "count") this.#say({ type: "counted", requests: 0, connections: 0 } satisfies FromHello);
    if (type === "plan") this.#say({ type: "ready", clientName: "fake 1.0" } satisfies FromClient);
    if (type === "warm-up") this.#say({ type: "warm" } satisfies FromClient);
    if (type === "go") this.#go();
    if (type === "stop") this.#finish();
  }

  onMessage(listener: (message: unknown) => void): void {
    this.#listener = listener;
    for (const message of this.#waiting.splice(0)) listener(message);
  }

  onLine(): void {}

  kill(): void {
    this.end({ code: null, signal: "SIGKILL", lastLines: [] });
  }

  #go(): void {
    this.#say({ type: "progress", progress: AFTER_ONE_REQUEST } satisfies FromClient);
    this.#load = setTimeout(() => this.#finish(), 20);
  }

  #finish(): void {
    clearTimeout(this.#load);
    this.#say({ type: "done", report: reportOf({ clientName: "fake 1.0" }) } satisfies FromClient);
  }

  #say(message: unknown): void {
    setImmediate(() => {
      if (this.#listener === null) this.#waiting.push(message);
      else this.#listener(message);
    });
  }
}
