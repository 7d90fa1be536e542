import { z } from "zod/mini";
import { defaulted } from "../parts/rules.js";
import { kind } from "./kind.js";
import { common, FIGURES, port, SOCKET, socketOf, sockets, to } from "./socket-common.js";

/** Steps that send segments of their own, from a raw socket. */

export const SEGMENT_KINDS = {
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
    fields: { ...common, to, port: port(1).check(z.describe("The port on that host.")), sockets },
    figures: { ...FIGURES, sent: "SYNs that went out" },
    toElsewhere: ["silence"],
    meant: (file) => ({ ...socketOf(file), to: file.to, port: file.port, count: file.sockets }),
  }),
};
