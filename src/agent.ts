import { execFile } from "node:child_process";
import { BenchError } from "./errors.js";
import { adoptOrphans } from "./kernel/subreaper.js";
import { untilPortsForward } from "./lab/inside/bridge-ports.js";
import { calibrate } from "./lab/inside/calibrate.js";
import { killCommands, runCommand } from "./lab/inside/command.js";
import { clearTimeWait } from "./lab/inside/clear-time-wait.js";
import { holdText } from "./lab/inside/held-text.js";
import { listeningSockets } from "./lab/inside/listening.js";
import { quietPort } from "./lab/inside/quiet-port.js";
import { Processes } from "./lab/inside/processes.js";
import { Readings } from "./lab/inside/reading.js";
import { waitUntilReady } from "./lab/inside/ready.js";
import { settle } from "./lab/inside/settle.js";
import { readSysctl, trySysctl, writeSysctl } from "./lab/inside/sysctl.js";
import type { FromAgent, RequestName, Requests, ToAgent } from "./lab/messages.js";
import { monotonicMs } from "./kernel/clock.js";
import { killDescendants } from "./waiting/kill-descendants.js";
import { readCounters, readLocalPorts, readTimeWait } from "./sampler/read.js";
import { type Sampler, startSampler } from "./sampler/sampler.js";
import { openTable, type Table } from "./sampler/table.js";
import type { HostSnapshot, LinkEnd } from "./sampler/types.js";

/**
 * The story of one host: a small process inside it that sets its sysctls, starts what runs there and samples its
 * sockets. In a lab it is PID 1 of the host's PID namespace: when it ends, the kernel ends all that runs on the host.
 */
type Handlers = {
  [Name in RequestName]: (ask: Requests[Name]["ask"]) => Requests[Name]["answer"] | Promise<Requests[Name]["answer"]>;
};

const processes = new Processes(tell);
const readings = new Readings();
let sampler: Sampler | null = null;
/** For snapshots: what it counts as born is what came since the last one. */
let table: Table | null = null;

const handlers: Handlers = {
  network: ({ lines }) => configureNetwork(lines),
  async untilPortsForward() {
    await untilPortsForward();
    return null;
  },
  writeSysctls({ settings }) {
    for (const [key, value] of Object.entries(settings)) writeSysctl(key, value);
    return null;
  },
  readSysctls: ({ keys }) =>
    Object.fromEntries(keys.map((key) => [key, readSysctl(key)]).filter((entry) => entry[1] !== undefined)) as Record<
      string,
      string
    >,
  quietPort: ({ from }) => quietPort(from),
  listening: listeningSockets,
  calibrate,
  async spawn({ processId, spec }) {
    await processes.start(processId, spec);
    return null;
  },
  send({ processId, message }) {
    processes.send(processId, message);
    return null;
  },
  kill({ processId }) {
    processes.kill(processId);
    return null;
  },
  holdText: ({ text }) => holdText(text),
  async waitUntilReady({ probe }) {
    await waitUntilReady(probe);
    return null;
  },
  snapshot,
  async startSampling({ request }) {
    sampler = await startSampler({
      ...request,
      onSamples: (samples) => tell({ type: "samples", samples }),
      onFault: (message) => tell({ type: "sampler-fault", message }),
    });
    return null;
  },
  async stopSampling() {
    await sampler?.stop();
    sampler = null;
    return null;
  },
  async settle({ timeoutMs }) {
    await settle(timeoutMs);
    return null;
  },
  read: ({ port }) => readings.read(port),
  mark() {
    readings.mark();
    return null;
  },
  awaitFigure: (request) => readings.awaitFigure(request),
  sysctl: trySysctl,
  run: runCommand,
  async clearTimeWait() {
    await clearTimeWait();
    return null;
  },
};

async function snapshot(): Promise<HostSnapshot> {
  const reading = { atMs: monotonicMs(), cpu: processes.cpuTimes(), localPorts: readLocalPorts(), ends: await ends() };
  try {
    return { ...reading, counters: readCounters(), timeWait: readTimeWait() };
  } catch {
    return { ...reading, counters: null, timeWait: null };
  }
}

/** null where no table can be read. */
async function ends(): Promise<LinkEnd[] | null> {
  try {
    table ??= await openTable();
    return (await table.read()).ends;
  } catch {
    return null;
  }
}

function configureNetwork(lines: string[]): Promise<null> {
  return new Promise((resolve, reject) => {
    const ip = execFile("ip", ["-batch", "-"], (error, _stdout, stderr) => {
      if (error === null) resolve(null);
      else
        reject(
          new BenchError(
            "lab-failed",
            `a lab host's network could not be configured: ${stderr.trim() || error.message}`,
            "Run `bench doctor` to see what is missing.",
          ),
        );
    });
    ip.stdin!.on("error", () => {});
    ip.stdin!.end(lines.join("\n") + "\n");
  });
}

function tell(message: FromAgent): void {
  if (process.connected) process.send!(message, () => {});
}

async function handle(request: ToAgent): Promise<void> {
  try {
    // The name decides the type of both: TypeScript cannot follow that through an index.
    const handler = handlers[request.name] as (ask: unknown) => unknown;
    const answer = await handler(request.ask);
    tell({ type: "answer", id: request.id, answer });
  } catch (error) {
    const { message, stack } = error as Error;
    const forUser = error instanceof BenchError ? { code: error.code, hint: error.hint } : { stack: stack ?? "" };
    tell({ type: "failed", id: request.id, message, ...forUser });
  }
}

function leave(): void {
  // As PID 1 of a namespace it takes all with it by ending.
  if (process.pid !== 1) {
    // Where no descendants can be listed, groups are what there is to go by.
    processes.killAll();
    killCommands();
    killDescendants();
  }
  process.exit(0);
}

if (process.pid !== 1) adoptOrphans();
process.on("message", (request) => void handle(request as ToAgent));
// The conductor is gone, however it ended: so is this host.
process.on("disconnect", leave);
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, leave);
if (!process.connected) leave();
tell({ type: "hello" });
