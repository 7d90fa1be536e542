import { closest } from "fastest-levenshtein";
import { BenchError } from "../../errors.js";
import { monotonicMs } from "../../kernel/clock.js";
import { trackedConnections, trackedTimeWait } from "../../sampler/conntrack.js";
import { readCounters, readTimeWait } from "../../sampler/read.js";
import type { Counters } from "../../sampler/types.js";
import { holds } from "../../stats/holds.js";
import type { AwaitOutcome, AwaitRequest, HostReading } from "../types.js";
import { openDescriptors } from "./descriptors.js";
import { objectSizes } from "./object-sizes.js";
import { isPopulation, readPopulations } from "./populations.js";

/** Not counts of events, so that there is nothing to subtract from them. */
const AS_THEY_ARE = ["RtoAlgorithm", "RtoMin", "RtoMax", "MaxConn", "CurrEstab"];
/** The groups of which a reading tells; their names are told apart by the name alone. */
const GROUPS = ["Tcp:", "TcpExt:"];

/** One part of a reading: figures that are to be had together. */
interface Part {
  has(figure: string): boolean;
  read(port: number | null): HostReading | Promise<HostReading>;
}

/**
 * What this host's kernel has at one moment, by flat names:
 *
 * - a population for each state over both families, `sockets` for all of them; with a port also by the end that has it:
 *   `local.time_wait`, `remote.time_wait`
 * - `timerMinMs`, `timerMaxMs`: what those in TIME_WAIT still have; `finWait2TimerMs`: what the last of the sockets in
 *   FIN_WAIT2 that no program has any more still has
 * - `gauge`: TIME_WAIT and such FIN_WAIT2 by /proc/net/sockstat, whatever the port
 * - counters of `Tcp` and `TcpExt` since the mark, by the kernel's name: `TW`, `ActiveOpens`, `ListenOverflows`
 * - `descriptors`: open files of all that was started on the host
 * - `conntrack`, `conntrackTimeWait`, `conntrackTimeWaitLeftMs`: tracked connections, those that are tracked as
 *   TIME_WAIT, and the longest time that one of these still has
 * - `bytesPerTimeWait`, `bytesPerSocket`: the kernel's object for one, over IPv4
 *
 * null where there is no such thing; a counter that this kernel does not have is not there at all.
 */
export class Readings {
  #zero: Counters = {};

  readonly #parts: readonly Part[] = [
    { has: isPopulation, read: readPopulations },
    { has: (figure) => figure === "gauge", read: () => ({ gauge: orNull(readTimeWait) }) },
    { has: (figure) => figure === "descriptors", read: () => ({ descriptors: openDescriptors() }) },
    { has: (figure) => figure === "conntrack", read: () => ({ conntrack: trackedConnections() }) },
    { has: (figure) => figure.startsWith("conntrackTimeWait"), read: trackedFigures },
    { has: (figure) => figure.startsWith("bytesPer"), read: sizeFigures },
    { has: () => true, read: () => this.#counters() },
  ];

  /** Counters count from here. */
  mark(): void {
    this.#zero = orNull(readCounters) ?? {};
  }

  async read(port: number | null): Promise<HostReading> {
    const reading: HostReading = {};
    for (const part of this.#parts) Object.assign(reading, await part.read(port));
    return reading;
  }

  /**
   * Looks at one figure, on a grid of times, until it is as wanted; a last time when the time is over.
   * @throws BenchError `no-such-counter` at once, when it is a counter that this kernel does not have
   */
  async awaitFigure({ port, figure, op, value, withinMs, everyMs }: AwaitRequest): Promise<AwaitOutcome> {
    if (!this.#parts.slice(0, -1).some((part) => part.has(figure))) mustBe(figure, Object.keys(this.#counters()));
    const beganMs = monotonicMs();
    let lastLookMs = beganMs;
    for (let planned = beganMs; ; planned = Math.max(planned + everyMs, monotonicMs())) {
      const restMs = Math.min(planned, beganMs + withinMs) - monotonicMs();
      if (restMs > 0) await new Promise((resolve) => setTimeout(resolve, restMs));
      const lookedMs = monotonicMs();
      const blindMs = lookedMs - lastLookMs;
      lastLookMs = lookedMs;
      const seen = await this.#figure(figure, port);
      const tookMs = lookedMs - beganMs;
      if (typeof seen === "number" && holds(seen, op, value)) return { reached: 1, tookMs, blindMs, value: seen };
      if (tookMs >= withinMs) return { reached: 0, tookMs, blindMs, value: typeof seen === "number" ? seen : null };
    }
  }

  async #figure(figure: string, port: number | null): Promise<number | string | null> {
    const reading = await this.#parts.find((part) => part.has(figure))!.read(port);
    return reading[figure] ?? null;
  }

  #counters(): HostReading {
    const figures: HostReading = {};
    for (const [name, now] of Object.entries(orNull(readCounters) ?? {})) {
      const group = GROUPS.find((prefix) => name.startsWith(prefix));
      if (group === undefined) continue;
      const short = name.slice(group.length);
      figures[short] = AS_THEY_ARE.includes(short) ? now : now - (this.#zero[name] ?? 0);
    }
    return figures;
  }
}

async function trackedFigures(): Promise<HostReading> {
  const tracked = await trackedTimeWait();
  return { conntrackTimeWait: tracked?.entries ?? null, conntrackTimeWaitLeftMs: tracked?.longestLeftMs ?? null };
}

function sizeFigures(): HostReading {
  const { timeWait, socket } = objectSizes();
  return { bytesPerTimeWait: timeWait, bytesPerSocket: socket };
}

function mustBe(counter: string, known: readonly string[]): void {
  if (known.includes(counter) || known.length === 0) return;
  throw new BenchError(
    "no-such-counter",
    `this kernel has no counter ${counter}`,
    `Did you mean ${closest(counter, known)}? \`nstat -az\` lists all that there are.`,
  );
}

function orNull<T>(read: () => T): T | null {
  try {
    return read();
  } catch {
    return null;
  }
}
