import { z } from "zod/mini";
import { milliseconds } from "../parts/duration.js";
import * as rule from "../parts/rules.js";
import { defaulted } from "../parts/rules.js";
import { on, timeout } from "./host-kinds.js";
import { kind } from "./kind.js";

/**
 * Steps with a single socket, or several, with chosen options (`probe/`). Sockets go by a name that holds on their host
 * until the trial ends; the name of several stands for all of them, and each step acts on all of them. Steps on one
 * host (by its name) are taken one after the other, also in a block that says `together`.
 *
 * A call that fails is a figure. A socket whose listen, accept or connect failed is closed at once; a step on a name
 * that has no socket left gives EBADF.
 */

const flag = (help: string) => defaulted(z.boolean({ error: "must be true or false" }), help, false);
const name = rule.variantName();
const highestPort = 65_535;
const portOf = (help: string) => rule.whole(1, highestPort).check(z.describe(help));

const common = {
  on,
  socket: name.check(z.describe("The name of the socket, or of all of them where there are several.")),
  /** Over all sockets of the step, from its beginning. */
  timeout,
};
const options = {
  reuseAddress: flag("SO_REUSEADDR before bind()."),
  linger: defaulted(
    z.nullable(rule.wholeSecondsOrZero()),
    "SO_LINGER, in whole seconds; 0: close() sends a RST. null: off.",
    null,
  ),
  nonBlocking: flag("O_NONBLOCK."),
  keepAlive: flag("SO_KEEPALIVE."),
};
const sockets = defaulted(rule.whole(1, 20_000), "How many.", 1);
const to = defaulted(name, "The host that is spoken to, or `silence`, where nobody answers.", "server");

const FIGURES = {
  errno: "of the first call that failed; `none`",
  succeeded: "calls that succeeded",
  failed: "calls that failed",
  tookMs: "the whole step",
  slowestMs: "the longest single call, from its beginning to its outcome",
};
const FAILED_CALL = "the call that failed first, such as `bind`; null";

interface CommonFile {
  on: string;
  socket: string;
  timeout: string;
}

function socketOf(file: CommonFile) {
  return { on: file.on, socket: file.socket, timeoutMs: milliseconds(file.timeout) };
}

type OptionsFile = z.output<z.ZodMiniObject<typeof options>>;

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

function optionsOf({ reuseAddress, linger, nonBlocking, keepAlive }: OptionsFile): SocketOptions {
  const lingerSec = linger === null ? null : linger === 0 ? 0 : milliseconds(linger) / 1000;
  return { reuseAddress, lingerSec, nonBlocking, keepAlive };
}

const SOCKET = { uses: "socket" } as const;

export const SOCKET_KINDS = {
  listen: kind({
    does: "Opens a socket that listens.",
    fields: {
      ...common,
      ...options,
      port: portOf("The port that it listens on."),
      backlog: defaulted(rule.whole(0, 65_535), "The backlog of listen().", 128),
    },
    figures: { ...FIGURES, failedCall: FAILED_CALL },
    sockets: { makes: "socket" },
    meant: (file) => ({ ...socketOf(file), ...optionsOf(file), port: file.port, backlog: file.backlog }),
  }),
  accept: kind({
    does: "Takes connections out of the accept queue of a socket that listens.",
    fields: { ...common, of: name.check(z.describe("The listening socket.")), sockets },
    figures: FIGURES,
    sockets: { makes: "socket", uses: "of" },
    meant: (file) => ({ ...socketOf(file), of: file.of, count: file.sockets }),
  }),
  bind: kind({
    does: "Calls bind() alone. A connect or listen on the same name goes on with that socket, also after bind() has failed.",
    fields: { ...common, ...options, port: portOf("The local port.") },
    figures: FIGURES,
    sockets: { makes: "socket" },
    meant: (file) => ({ ...socketOf(file), ...optionsOf(file), port: file.port }),
  }),
  connect: kind({
    does: "Opens connections, all of them at once: `slowestMs` is one connect's own time, from its SYN to its outcome.",
    fields: {
      ...common,
      ...options,
      to,
      port: portOf("The port on that host."),
      from: defaulted(
        z.nullable(rule.whole(1, highestPort)),
        "The local port; several take the next ones. null: the kernel chooses.",
        null,
      ),
      sockets,
      watch: flag("Keeps what arrives for it, so that `segment` can go on where it ended."),
      pending: flag("Ends at once, with EINPROGRESS: `outcome` waits for the connection."),
    },
    figures: {
      ...FIGURES,
      localPort: "of the first",
      failedCall: FAILED_CALL,
      pending: "connects that have no outcome yet; 0 without `pending`",
    },
    sockets: { makes: "socket" },
    toSilence: true,
    meant: (file, { report }) => {
      const { from, sockets: count } = file;
      if (from !== null && from + count - 1 > highestPort)
        report(["from"], `${count} ports from ${from} on end beyond ${highestPort}`, "begin lower");
      const { to: peer, port, watch, pending } = file;
      return { ...socketOf(file), ...optionsOf(file), to: peer, port, from, count, watch, pending };
    },
  }),
  outcome: kind({
    does: "Waits for the outcome of pending connects. `tookMs` and `slowestMs` count since the first of them began.",
    fields: common,
    figures: FIGURES,
    sockets: SOCKET,
    meant: socketOf,
  }),
  options: kind({
    does: "Sets options of sockets that there are.",
    fields: { ...common, ...options },
    figures: FIGURES,
    sockets: SOCKET,
    meant: (file) => ({ ...socketOf(file), ...optionsOf(file) }),
  }),
  send: kind({
    does: "Sends until the kernel has taken it all; a non-blocking socket only until there is no more room (EAGAIN).",
    fields: {
      ...common,
      text: defaulted(
        z.nullable(z.string({ error: "must be text" }).check(z.minLength(1), z.maxLength(65_536))),
        "What is sent. Either this or `bytes`.",
        null,
      ),
      bytes: defaulted(
        z.nullable(rule.whole(1, 1_000_000_000)),
        "How many bytes are sent. Either this or `text`.",
        null,
      ),
    },
    figures: { ...FIGURES, bytes: "that the kernel took" },
    sockets: SOCKET,
    meant: (file, { report }) => {
      const { text, bytes } = file;
      if ((text === null) === (bytes === null))
        report([], "a send takes either `text` or `bytes`", "such as `bytes: 100000`");
      return { ...socketOf(file), text, bytes };
    },
  }),
  receive: kind({
    does: "Reads. What was read beyond `upTo` is kept for the next receive.",
    fields: {
      ...common,
      upTo: defaulted(
        z.union([z.enum(["end", "head"]), rule.whole(1, 1_000_000_000)], {
          error: "must be `end`, `head` or a number of bytes",
        }),
        "`end`: the peer's FIN. `head`: the end of an HTTP response's head. Or a number of bytes.",
        "end",
      ),
    },
    figures: {
      ...FIGURES,
      bytes: "that were read",
      ended: "sockets that have seen the peer's FIN",
      status: "of the first response, with `upTo: head`; null where there is none",
    },
    sockets: SOCKET,
    meant: (file) => ({ ...socketOf(file), until: file.upTo }),
  }),
  shutdown: kind({
    does: "Calls shutdown(SHUT_WR): our FIN goes out, and the peer's data is still read.",
    fields: common,
    figures: FIGURES,
    sockets: SOCKET,
    meant: socketOf,
  }),
  close: kind({
    does: "Calls close(), which takes as long as the kernel wants: with `linger` it blocks.",
    fields: common,
    figures: FIGURES,
    sockets: SOCKET,
    meant: socketOf,
  }),
  /**
   * A closed socket's own kernel knows nothing of it, and answers the answer with a RST: it ends a SYN_RECV at the peer,
   * and also its TIME_WAIT, unless net.ipv4.tcp_rfc1337 is 1 there (RFC 1337). So it is one segment for one connection.
   * The peer sends at most one ACK per net.ipv4.tcp_invalid_ratelimit for segments without data or FIN.
   */
  segment: kind({
    does: "Sends one TCP segment from a raw socket, as if it came from each (watched, perhaps closed) socket of the name.",
    fields: {
      ...common,
      flags: z
        .array(z.enum(["FIN", "ACK", "SYN", "RST"]), { error: "must be a list of FIN, ACK, SYN, RST" })
        .check(
          z.minLength(1, { error: "must hold at least one flag" }),
          z.describe("Of the segment. A FIN comes from a real peer with ACK always."),
        ),
      sequence: defaulted(
        z.union([z.literal("repeat"), z.int()], { error: "must be `repeat` or a whole number" }),
        "`repeat`: the number of its last FIN. Else counted from the next number it would send.",
        0,
      ),
      timestamp: defaulted(
        z.nullable(z.int()),
        "Counted from the last timestamp that the peer has echoed, in its clock's ticks (ms). null: no such option.",
        1,
      ),
    },
    figures: {
      ...FIGURES,
      answer: "the first to come for the first socket: `none`, `ACK`, `SYN-ACK`, `RST`, `FIN-ACK`, …",
      answerMs: "how long it took",
      ack: "sockets that had such an answer",
      synAck: "sockets that had such an answer",
      rst: "sockets that had such an answer",
      finAck: "sockets that had such an answer",
      other: "sockets that had another answer",
      silent: "sockets that had none",
      withTimestamp: "segments that had one: none on connections without timestamps, whatever `timestamp` says",
    },
    sockets: SOCKET,
    meant: (file) => ({
      ...socketOf(file),
      flags: file.flags,
      sequence: file.sequence,
      timestamp: file.timestamp,
    }),
  }),
  flood: kind({
    does: "Sends SYNs from addresses at which nobody answers, each from another pair of address and port. They stay half open until net.ipv4.tcp_synack_retries are used up.",
    fields: { ...common, to, port: portOf("The port on that host."), sockets },
    figures: { ...FIGURES, sent: "SYNs that went out" },
    toSilence: true,
    meant: (file) => ({ ...socketOf(file), to: file.to, port: file.port, count: file.sockets }),
  }),
};
