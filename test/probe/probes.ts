import { type ChildProcess, fork } from "node:child_process";
import { readFileSync } from "node:fs";
import { onTestFinished } from "vitest";
import type { Host, HostProcess, ProcessExit, SpawnSpec } from "../../src/lab/types.js";
import { startProbe } from "../../src/probe/conduct.js";
import type { Figures } from "../../src/probe/types.js";
import type { ProbeStep } from "../../src/scenario/phases/types.js";
import { NO_OPTIONS } from "./options.js";

/** A step as a scenario writes it: what is left out has its default. */
export type Written = Pick<ProbeStep, "do"> & { socket: string } & Record<string, unknown>;

export interface TestProbe {
  take(step: Written): Promise<Figures>;
  child: ChildProcess;
  exited: Promise<ProcessExit>;
}

const DEFAULTS: Partial<Record<ProbeStep["do"], object>> = {
  listen: { address: null, watch: false, backlog: 511, ...NO_OPTIONS },
  accept: { count: 1 },
  bind: { address: null, ...NO_OPTIONS },
  connect: { to: "server", address: null, from: null, count: 1, watch: false, pending: false, ...NO_OPTIONS },
  options: NO_OPTIONS,
  shutdown: { how: "write" },
  send: { text: null, bytes: null },
  segment: { timestamp: null, acknowledgement: 0, window: 65_535, bytes: 0, until: null, collectMs: null },
  hear: { until: null, collectMs: null },
  flood: { to: "server" },
};

export function asMeant(step: Written, on: string): ProbeStep {
  return { on, timeoutMs: 2000, ...DEFAULTS[step.do], ...step } as unknown as ProbeStep;
}

/** A probe on this machine's loopback, as if it were a host: every name is 127.0.0.1. */
export async function loopbackProbe(name = "client"): Promise<TestProbe> {
  let child!: ChildProcess;
  let exited!: Promise<ProcessExit>;
  const spawn = ({ program }: SpawnSpec): Promise<HostProcess> => {
    child = fork((program as { entry: string }).entry, { stdio: ["ignore", "inherit", "inherit", "ipc"] });
    onTestFinished(() => void child.kill("SIGKILL"));
    exited = new Promise((resolve) =>
      child.once("exit", (code, signal) => resolve({ code, signal, lastLines: ["its last line"] })),
    );
    return Promise.resolve({
      id: "probe-0",
      send: (message) => void (child.connected && child.send(message as object)),
      onMessage: (listener) => void child.on("message", listener),
      onLine: () => {},
      exited,
      kill: () => void child.kill("SIGKILL"),
    });
  };
  const probe = await startProbe({ name, listenAddress: "127.0.0.1", spawn } as Partial<Host> as Host);
  return { take: (step) => probe.take(asMeant(step, name), () => "127.0.0.1"), child, exited };
}

/** A port below the range that connect() chooses from, on which nobody listens. */
export function freePort(): number {
  // Node listens with SO_REUSEADDR, and would not see the TIME_WAIT of an earlier test that is in the way of bind().
  const taken = new Set(
    ["tcp", "tcp6"].flatMap((table) =>
      Array.from(readFileSync(`/proc/net/${table}`, "latin1").matchAll(/^ *\d+: [0-9A-F]+:([0-9A-F]{4}) /gmu), (line) =>
        Number.parseInt(line[1]!, 16),
      ),
    ),
  );
  for (;;) {
    const port = 20_000 + Math.floor(Math.random() * 10_000);
    if (!taken.has(port)) return port;
  }
}
