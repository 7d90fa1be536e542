import type { CompareOp } from "../expect/types.js";
import type { CommandLine } from "../parts/lab-types.js";
import type { LoadPlan } from "../parts/load-types.js";

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
export interface CommandStep extends CommandLine {
  do: "command";
  on: HostName;
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
 * until the trial ends; with `count` the name stands for all of them, and each step acts on all of them. Steps on one
 * host (by its name) are taken one after the other, also in a block that says `together`.
 *
 * Figures of each: `errno` (of the first that failed; `none`), `succeeded`, `failed` (how many), `tookMs` (the whole
 * step), `slowestMs` (the longest single call, from its beginning to its outcome), and those that stand with each. A call
 * that fails is a figure. A socket whose listen, accept or connect failed is closed at once; a step on a name that has
 * no socket left gives EBADF, and one on a name that there never was is a fault of the scenario.
 */
export type SocketStep = {
  on: HostName;
  socket: string;
  /**
   * Counts from the step's beginning, for all its sockets together: what has not ended by then fails with ETIMEDOUT, as
   * it does when the kernel gives up earlier. close() alone takes as long as the kernel wants.
   */
  timeoutMs: number;
} &
  /** Figures: `failedCall` (`bind`, `listen`; null). */
  (
    | ({ do: "listen"; port: number; backlog: number } & SocketOptions)
    /** Takes `count` connections out of the accept queue of `of`. */
    | { do: "accept"; of: string; count: number }
    /** bind() alone. A connect or listen on the same name goes on with that socket, also after bind() has failed. */
    | ({ do: "bind"; port: number } & SocketOptions)
    /**
     * All of them at once, and not one after the other, so that `count` × the time of one is never waited for: `slowestMs`
     * is one connect's own time, from its SYN to its outcome. Figures: `localPort` of the first, `failedCall` (`bind`,
     * `connect`; null), `pending` (how many have no outcome yet; 0 without `pending`).
     */
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
        /**
         * The step ends at once: `errno` is EINPROGRESS, which counts neither as succeeded nor as failed, and the sockets
         * stay as they are (SYN_SENT) until an `outcome`, a `close` or the kernel ends it.
         */
        pending: boolean;
      } & SocketOptions)
    /** Waits for the outcome of pending connects. `tookMs` and `slowestMs` count since the (first) connect began. */
    | { do: "outcome" }
    /** Sets options of sockets that there are. */
    | ({ do: "options" } & SocketOptions)
    /**
     * Sends until the kernel has taken it all; a non-blocking socket only until there is no more room (EAGAIN). Exactly one
     * of `text` and `bytes` is not null. Figures: `bytes` that the kernel took.
     */
    | { do: "send"; text: string | null; bytes: number | null }
    /**
     * `until` the peer's FIN, a number of bytes, or the end of an HTTP response's head; what was read beyond it is kept for
     * the next receive. Figures: `bytes`, `ended` (how many have seen the peer's FIN), `status` (of the first, null where
     * there is none: only with `head`).
     */
    | { do: "receive"; until: "end" | "head" | number }
    /** shutdown(SHUT_WR): our FIN goes out, and the peer's data is still read. */
    | { do: "shutdown" }
    /** close(), of which nothing is softened: with SO_LINGER it blocks, errno and time are as the kernel gives them. */
    | { do: "close" }
    /**
     * One TCP segment from a raw socket, as if it came from each (watched, perhaps closed) socket of the name. Figures:
     * `answer` (`none`, `ACK`, `SYN-ACK`, `RST`, `FIN-ACK`, … the first to come for the first socket), `answerMs`, and how
     * many had which: `ack`, `synAck`, `rst`, `finAck`, `other`, `silent`. ENODATA: the peer
     * has never said what it takes; ENOBUFS: more than 16,000 segments have come at once, and not all could be kept.
     *
     * A closed socket's own kernel knows nothing of it, and answers the answer with a RST: it ends a SYN_RECV at the peer,
     * and also its TIME_WAIT, unless net.ipv4.tcp_rfc1337 is 1 there (RFC 1337). So it is one segment for one connection.
     * The peer sends at most one ACK per net.ipv4.tcp_invalid_ratelimit for segments without data or FIN.
     */
    | {
        do: "segment";
        /** `FIN`, `ACK`, `SYN`, `RST`. A FIN comes from a real peer with ACK always. */
        flags: ("FIN" | "ACK" | "SYN" | "RST")[];
        /** `repeat`: the number of its last FIN; else an offset from the next number that it would send. */
        sequence: "repeat" | number;
        /** Offset from the last timestamp that the peer has echoed, in that clock's ticks (ms). null: without the option, as always on a connection that has none. */
        timestamp: number | null;
      }
    /**
     * SYNs from addresses at which nobody answers, each from another pair of address and port, so that each stays half open
     * until net.ipv4.tcp_synack_retries are used up. `socket` and `timeoutMs` mean nothing. Figures: `sent`.
     */
    | { do: "flood"; to: string; port: number; count: number }
  );

/**
 * null, or false: left as the kernel has it. What an accepted socket inherits is the kernel's to say: SO_LINGER and
 * SO_KEEPALIVE of the one that listens, but not O_NONBLOCK.
 */
export interface SocketOptions {
  reuseAddress: boolean;
  /** SO_LINGER in whole seconds; null: off. */
  lingerSec: number | null;
  /**
   * O_NONBLOCK, as in a program with an event loop: for a peer (accept, connect, receive) a step waits by poll(2) up to
   * `timeoutMs`, as it would without it; send takes what there is room for.
   */
  nonBlocking: boolean;
  /** SO_KEEPALIVE; when probes go out is the host's sysctls' to say. */
  keepAlive: boolean;
}

/** Every step of a variant, those within others too. */
export function allPhases(phases: readonly Phase[]): Phase[] {
  return phases.flatMap((phase) => ("phases" in phase ? [phase, ...allPhases(phase.phases)] : [phase]));
}

/** What is done with single sockets, by the probe of the host. */
export const SOCKET_STEPS = [
  "listen",
  "accept",
  "bind",
  "connect",
  "outcome",
  "options",
  "send",
  "receive",
  "shutdown",
  "close",
  "segment",
  "flood",
] as const satisfies SocketStep["do"][];

/** What steps measured: `<phase>.<figure>`. Names and errnos are texts; null: it could not be told. */
export type Figures = Record<string, number | string | null>;
