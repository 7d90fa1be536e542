import { z } from "zod/mini";
import * as rule from "../parts/rules.js";
import { defaulted } from "../parts/rules.js";
import { kind } from "./kind.js";
import { TCP_STATES } from "../parts/load-types.js";
import { common, FIGURES, name, SOCKET, socketOf, sockets } from "./socket-common.js";

/**
 * Steps with a single socket, or several, with chosen options (`probe/`). Sockets go by a name that holds on their host
 * until the trial ends; the name of several stands for all of them, and each step acts on all of them. Steps on one
 * host (by its name) are taken one after the other, also in a block that says `together`.
 *
 * A call that fails is a figure. A socket whose listen, accept or connect failed is closed at once; a step on a name
 * that has no socket left gives EBADF.
 */

/** Of the first socket; null where its kernel does not tell. include/uapi/linux/tcp.h, struct tcp_info. */
const INFO = {
  localPort: "the first one's local port; 0: it has none yet",
  remotePort: "the port of the first one's peer; null: it has none",
  retransmits: "how often the first one has sent again what is not acknowledged yet",
  totalRetrans: "how many segments it has sent again",
  probes: "its probes, of a closed window or by keepalive, that have had no answer",
  backoff: "how often its timer has doubled",
  unacked: "its segments that are not acknowledged; of one that listens: its accept queue",
  sacked: "its segments that have overtaken a lost one; of one that listens: its backlog",
  lost: "its segments that are taken for lost",
  rtoUs: "after so long it sends again",
  rttUs: "its round trip, smoothed",
  minRttUs: "its shortest round trip",
  sndMss: "the bytes that its segments may carry",
  sndCwnd: "its congestion window, in segments",
  sndWnd: "the peer's receive window, in bytes",
  rcvWnd: "its own receive window, in bytes",
  bytesSent: "bytes that it has sent, repeats too",
  bytesAcked: "bytes that the peer has acknowledged; a FIN or SYN counts as one",
  bytesReceived: "bytes that have come in order; a FIN counts as one",
  notsentBytes: "bytes that wait to be sent for the first time",
  segsOut: "segments that it has sent",
  segsIn: "segments that have come",
  timestamps: "1 where both sides use timestamps, else 0",
  sack: "1 where both sides use SACK, else 0",
  synData: "1 where data went with the SYN and was taken (RFC 7413), else 0",
};

export const HELD_KINDS = {
  accept: kind({
    does: "Takes connections out of the accept queue of a socket that listens.",
    fields: { ...common, of: name.check(z.describe("The listening socket.")), sockets },
    figures: FIGURES,
    sockets: { makes: "socket", uses: "of" },
    meant: (file) => ({ ...socketOf(file), of: file.of, count: file.sockets }),
  }),
  outcome: kind({
    does: "Waits for the outcome of pending connects. `tookMs` and `slowestMs` count since the first of them began.",
    fields: common,
    figures: FIGURES,
    sockets: SOCKET,
    meant: socketOf,
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
    does: "Calls shutdown(). With `write` our FIN goes out, and the peer's data is still read. A socket that listened may listen again; one with `port: 0` gets another port then.",
    fields: {
      ...common,
      how: defaulted(z.enum(["write", "read", "both"]), "Which way: SHUT_WR, SHUT_RD or SHUT_RDWR.", "write"),
    },
    figures: FIGURES,
    sockets: SOCKET,
    meant: (file) => ({ ...socketOf(file), how: file.how }),
  }),
  disconnect: kind({
    does: "Calls connect() with AF_UNSPEC: the connection is gone, and a connect or listen on the name goes on with the socket.",
    fields: common,
    figures: FIGURES,
    sockets: SOCKET,
    meant: socketOf,
  }),
  info: kind({
    does: "Reads TCP_INFO, as `ss -i` shows it.",
    fields: common,
    figures: {
      ...FIGURES,
      ...Object.fromEntries(TCP_STATES.map((state) => [state, "sockets in this state"])),
      ...INFO,
    },
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
};
