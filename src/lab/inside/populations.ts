import { NetlinkTable } from "../../sampler/table-by-netlink.js";
import { readTextTable } from "../../sampler/table-by-text.js";
import { stateOf } from "../../sampler/socket-counts.js";
import { TCP_STATES, type TcpState } from "../../sampler/types.js";
import type { HostReading } from "../types.js";

const TIME_WAIT = 6;
/** The timer of a socket that has only its last packet left: TIME_WAIT, or FIN_WAIT2 without a program. */
const MINI_SOCKET_TIMER = 3;
const ENDS = ["local", "remote"] as const;

/** Every socket of this host, over both families, by state. @param port only those with it at either end; null: all */
export async function readPopulations(port: number | null): Promise<HostReading> {
  const byNetlink = new Populations(port);
  try {
    const table = await NetlinkTable.open(port === null ? [] : [port]);
    try {
      await table.forEach((socket) => {
        byNetlink.add(socket.state, socket.localPort, socket.remotePort, socket.expiresMs);
        if (socket.timer === MINI_SOCKET_TIMER && socket.state !== TIME_WAIT) byNetlink.addFinWait2(socket.expiresMs);
      });
    } finally {
      table.close();
    }
    return byNetlink.figures();
  } catch {
    // As for samples: no koffi for this platform, a kernel without tcp_diag, a sandbox that forbids netlink.
    const byText = new Populations(port);
    await readTextTable(byText);
    return byText.figures();
  }
}

/** Names of what `readPopulations` tells. */
export function isPopulation(figure: string): boolean {
  return NAMES.has(figure);
}

const TIMERS = ["timerMinMs", "timerMaxMs", "finWait2TimerMs"] as const;
const NAMES: ReadonlySet<string> = new Set([
  "sockets",
  ...TCP_STATES,
  ...ENDS.flatMap((end) => TCP_STATES.map((state) => `${end}.${state}`)),
  ...TIMERS,
]);

class Populations {
  readonly #port: number | null;
  readonly #byEnd = { local: noSockets(), remote: noSockets() };
  readonly #timeWaitLeftMs = { min: Infinity, max: -Infinity };
  #finWait2LeftMs: number | null = null;

  constructor(port: number | null) {
    this.#port = port;
  }

  /** Without a port every socket counts as one with its local end. With it at both ends, too. */
  add(number: number, localPort: number, remotePort: number, leftMs: number): void {
    const state = stateOf(number);
    if (state === null) return;
    const atLocal = this.#port === null || localPort === this.#port;
    if (!atLocal && remotePort !== this.#port) return;
    this.#byEnd[atLocal ? "local" : "remote"][state]++;
    if (state !== "time_wait") return;
    this.#timeWaitLeftMs.min = Math.min(this.#timeWaitLeftMs.min, leftMs);
    this.#timeWaitLeftMs.max = Math.max(this.#timeWaitLeftMs.max, leftMs);
  }

  /** What is left of a socket whose program has closed it, and whose peer has not. */
  addFinWait2(leftMs: number): void {
    this.#finWait2LeftMs = Math.max(this.#finWait2LeftMs ?? 0, leftMs);
  }

  figures(): HostReading {
    const figures: HostReading = { sockets: 0 };
    let sockets = 0;
    for (const state of TCP_STATES) {
      figures[state] = this.#byEnd.local[state] + this.#byEnd.remote[state];
      sockets += this.#byEnd.local[state] + this.#byEnd.remote[state];
      if (this.#port !== null) for (const end of ENDS) figures[`${end}.${state}`] = this.#byEnd[end][state];
    }
    const { min, max } = this.#timeWaitLeftMs;
    return {
      ...figures,
      sockets,
      timerMinMs: max < 0 ? null : min,
      timerMaxMs: max < 0 ? null : max,
      finWait2TimerMs: this.#finWait2LeftMs,
    };
  }
}

function noSockets(): Record<TcpState, number> {
  return Object.fromEntries(TCP_STATES.map((state) => [state, 0])) as Record<TcpState, number>;
}
