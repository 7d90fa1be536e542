import type { CompareOp, LoadPlan } from "../types.js";

/**
 * A variant that does more than one load: steps in the order of the file, each with a name that its figures go by. One
 * after the other, all in the same lab; what they leave behind (TIME_WAIT above all) is there for the next.
 */
export type Phase = { name: string } & Step;

export type Step =
  | LoadStep
  | WaitStep
  | SysctlStep
  | ReadStep
  | AwaitStep
  | LinkStep
  | CommandStep
  | BlockStep
  | SocketStep;

/** The name of a host of the lab: `client`, `server`, or one of the topology's own. */
type HostName = string;

/** A load as of a variant without phases. Figures: every metric of Metrics. */
export interface LoadStep {
  do: "load";
  /** Where it is made. */
  on: HostName;
  /** What is requested: the host that serves. */
  to: HostName;
  load: LoadPlan;
}

/** Figures: none. */
export interface WaitStep {
  do: "wait";
  forMs: number;
}

/**
 * Reads one setting, and writes it unless `value` is null. Figures: `outcome` (`written`, `read`, or why not: `absent`,
 * `forbidden`, `refused`), `before`, `after` (as text; null where it is absent).
 */
export interface SysctlStep {
  do: "sysctl";
  on: HostName;
  key: string;
  value: string | null;
}

/**
 * What a host's kernel has now. Figures: a population for each state (`time_wait`, …), `timerMinMs` and `timerMaxMs` (the
 * time that those in TIME_WAIT still have), `sockets` (the O(1) gauge of TIME_WAIT is `gauge`), a counter since the
 * trial began by the kernel's name without its group (`TW`, `ListenOverflows`), and more: see lab/inside/reading.ts.
 */
export interface ReadStep {
  do: "read";
  on: HostName;
  /** Only sockets with this port at either end; null: all. */
  port: number | null;
}

/** Looks until a figure of a reading is as wanted. Figures: `reached` (1 or 0), `tookMs`, `value` (the last one seen). */
export interface AwaitStep {
  do: "await";
  on: HostName;
  port: number | null;
  figure: string;
  op: CompareOp;
  value: number;
  withinMs: number;
  everyMs: number;
}

/** Takes a host's cable away, so that its peers notice nothing but silence, or puts it back. Figures: none. */
export interface LinkStep {
  do: "link";
  on: HostName;
  state: "up" | "down";
}

/**
 * A command line for `sh -c` on a host. Figures: `exitCode`, `lines` (of stdout), and with `count` for each different
 * first group of the matches how often it came (`LISTEN`), with `number` the first group of the first match.
 */
export interface CommandStep {
  do: "command";
  on: HostName;
  command: string;
  /** Regular expressions, tried on each line. */
  count: string | null;
  number: string | null;
  timeoutMs: number;
}

/** Steps at the same time (`together`, which ends when all have ended) or one by one; figures go by their own names. */
export interface BlockStep {
  do: "together" | "in-turn";
  phases: Phase[];
}

/**
 * A single socket, or `count` of them, with chosen options (`probe/`). Sockets go by a name that holds on their host
 * until the trial ends; with `count` the name stands for all of them, and each step acts on all of them.
 *
 * Figures of each: `errno` (of the first that failed; `none`), `succeeded`, `failed` (how many), `tookMs` (all of them
 * together), `slowestMs` (the longest single call), and those that stand with each.
 */
export type SocketStep = {
  on: HostName;
  socket: string;
  /** A call that has not ended by then fails with ETIMEDOUT. */ timeoutMs: number;
} & (
  | ({ do: "listen"; port: number; backlog: number } & SocketOptions)
  /** Takes `count` connections out of the accept queue of `of`. */
  | { do: "accept"; of: string; count: number }
  /** bind() alone. A connect or listen on the same name goes on with that socket. */
  | ({ do: "bind"; port: number } & SocketOptions)
  /** Figures: `localPort` of the first. */
  | ({
      do: "connect";
      /** A host's name, or `silence`: an address at which nobody answers. */
      to: string;
      port: number;
      /** The local port; null: the kernel chooses. With `count` the next ones follow. */
      from: number | null;
      count: number;
      /** Segments that arrive for it are kept, so that `segment` knows its sequence numbers. */
      watch: boolean;
      /** Returns at once, with EINPROGRESS; `outcome` tells later what became of it. */
      pending: boolean;
    } & SocketOptions)
  /** Waits for the pending connects. Figures: `tookMs` since the connect began. */
  | { do: "outcome" }
  /** Sets options of sockets that there are. */
  | ({ do: "options" } & SocketOptions)
  /** Figures: `bytes` that the kernel took. */
  | { do: "send"; text: string | null; bytes: number | null }
  /** `until` the peer's FIN, a number of bytes, or the end of an HTTP response's head. Figures: `bytes`, `ended` (1: FIN seen). */
  | { do: "receive"; until: "end" | "head" | number }
  /** shutdown(SHUT_WR): our FIN goes out, and the peer's data is still read. */
  | { do: "shutdown" }
  /** close(). Figures: as above, `tookMs` is the time in close(). */
  | { do: "close" }
  /**
   * One TCP segment from a raw socket, as if it came from the (watched, perhaps closed) socket. Figures: `answer`
   * (`none`, `ACK`, `SYN-ACK`, `RST`, `FIN-ACK`, …), `answerMs`.
   */
  | {
      do: "segment";
      /** `FIN`, `ACK`, `SYN`, `RST`. */
      flags: ("FIN" | "ACK" | "SYN" | "RST")[];
      /** `repeat`: the number of its last FIN; else an offset from the next number that it would send. */
      sequence: "repeat" | number;
      /** Offset from the last timestamp that it sent; null: without the option. */
      timestamp: number | null;
    }
  /** SYNs from addresses at which nobody answers, so that each stays half open. Figures: `sent`. */
  | { do: "flood"; to: string; port: number; count: number }
);

/** null, or false: left as the kernel has it. */
export interface SocketOptions {
  reuseAddress: boolean;
  /** SO_LINGER in whole seconds; null: off. */
  lingerSec: number | null;
  nonBlocking: boolean;
  /** SO_KEEPALIVE; when probes go out is the host's sysctls' to say. */
  keepAlive: boolean;
}

/** What steps measured: `<phase>.<figure>`. Names and errnos are texts; null: it could not be told. */
export type Figures = Record<string, number | string | null>;
