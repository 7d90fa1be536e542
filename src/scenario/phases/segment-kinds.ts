import { z } from "zod/mini";
import { milliseconds } from "../parts/duration.js";
import * as rule from "../parts/rules.js";
import { defaulted } from "../parts/rules.js";
import { kind } from "./kind.js";
import * as shared from "./socket-common.js";
import { flag } from "./socket-options.js";

/** Steps that send segments of their own, from a raw socket. */

const FLAGS = ["FIN", "ACK", "PSH", "SYN", "RST"] as const;

const awaits = {
  until: defaulted(
    z.nullable(
      rule.matching(/^(?:SYN|FIN|ACK|RST|SYN-ACK|FIN-ACK)$/, "must be SYN, SYN-ACK, ACK, FIN-ACK, FIN or RST"),
    ),
    "The only answer that counts: `FIN-ACK`, `RST`. null: any that does not only repeat.",
    null,
  ),
  collect: defaulted(
    z.nullable(rule.duration()),
    "Keeps what comes for so long. null: until there is an answer.",
    null,
  ),
};

function awaited(file: { until: string | null; collect: string | null }) {
  return { until: file.until, collectMs: file.collect === null ? null : milliseconds(file.collect) };
}

const HEARD = {
  answer: "the first to come for the first socket: `none`, `ACK`, `SYN-ACK`, `RST`, `FIN-ACK`, …",
  answerMs: "how long it took",
  answerSeq: "its sequence number, counted from the next that the peer would have sent",
  answerAck: "what it acknowledges, counted from the next that our side would have sent; null without ACK",
  answerWindow: "its window, as it stands in the segment",
  answerBytes: "how much data it carries",
  answerEcho: "the timestamp that it echoes, counted as `timestamp` is; null: none",
  answerTimestamp: "its own timestamp, counted from the last that the peer has told; null: none",
  arrived: "all that has come for the first socket in that time",
  repeats: "those of them that only said again what had been said, or probed: they are no answer",
  ack: "sockets that had such an answer",
  synAck: "sockets that had such an answer",
  rst: "sockets that had such an answer",
  finAck: "sockets that had such an answer",
  other: "sockets that had another answer",
  silent: "sockets that had none",
};
const WITH_TIMESTAMP = "segments that had one: none on connections without timestamps, whatever `timestamp` says";
const LISTED = /^[1-8]\.(?:flags|seq|ack|window|bytes|echo|timestamp|repeat)$/;
const LIST = {
  has: (figure: string): boolean => LISTED.test(figure),
  help: "where more has come than the answer, each of the first 8: `1.flags`, `2.seq`, `2.ack`, `.window`, `.bytes`, `.echo`, `.timestamp`, `.repeat`",
};

export const SEGMENT_KINDS = {
  /**
   * A closed socket's own kernel knows nothing of it, and answers the answer with a RST: it ends a SYN_RECV at the peer,
   * and also its TIME_WAIT, unless net.ipv4.tcp_rfc1337 is 1 there (RFC 1337). So it is one segment for one connection.
   * The peer sends at most one ACK per net.ipv4.tcp_invalid_ratelimit for segments without data or FIN.
   */
  segment: kind({
    does: "Sends one TCP segment from a raw socket, as if it came from each (watched, perhaps closed) socket of the name, or from a peer.",
    fields: {
      ...shared.common,
      flags: z
        .array(z.enum(FLAGS), { error: "must be a list of FIN, ACK, PSH, SYN, RST" })
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
      acknowledgement: defaulted(z.int(), "With ACK: counted from the next number that the peer would send.", 0),
      window: defaulted(rule.whole(0, 65_535), "As it stands in the segment, whatever scale was agreed on.", 65_535),
      bytes: defaulted(rule.whole(0, 1400), "How much data it carries.", 0),
      ...awaits,
    },
    figures: { ...shared.FIGURES, ...HEARD, withTimestamp: WITH_TIMESTAMP },
    free: LIST,
    sockets: shared.SOCKET,
    meant: (file) => ({
      ...shared.socketOf(file),
      flags: file.flags,
      sequence: file.sequence,
      timestamp: file.timestamp,
      acknowledgement: file.acknowledgement,
      window: file.window,
      bytes: file.bytes,
      ...awaited(file),
    }),
  }),
  hear: kind({
    does: "Waits for what the peer sends; what has come since the last segment or hear of that name counts too.",
    fields: { ...shared.common, ...awaits },
    figures: { ...shared.FIGURES, ...HEARD },
    free: LIST,
    sockets: shared.SOCKET,
    meant: (file) => ({ ...shared.socketOf(file), ...awaited(file) }),
  }),
  peer: kind({
    does: "Makes a peer without a kernel, at an address of `silence`: only `segment` speaks for it, and `hear` listens.",
    fields: {
      ...shared.common,
      to: defaulted(
        z.nullable(shared.name),
        "The host that it speaks to. null: it is what `to: silence` reaches.",
        "server",
      ),
      port: shared.port(1).check(z.describe("The port on that host; with `to: null` its own.")),
      from: defaulted(
        z.nullable(rule.whole(1, shared.HIGHEST_PORT)),
        "Its own port, with a `to`. null: one of its own.",
        null,
      ),
      timestamps: flag("Its SYN brings timestamps (RFC 7323)."),
    },
    figures: { ...shared.FIGURES, failedCall: shared.FAILED_CALL, localPort: shared.LOCAL_PORT },
    sockets: { makes: "socket" },
    meant: (file) => ({
      ...shared.socketOf(file),
      to: file.to,
      port: file.port,
      from: file.from,
      timestamps: file.timestamps,
    }),
  }),
  flood: kind({
    does: "Sends SYNs from addresses at which nobody answers, each from another pair of address and port. They stay half open until net.ipv4.tcp_synack_retries are used up.",
    fields: {
      ...shared.common,
      to: shared.to,
      port: shared.port(1).check(z.describe("The port on that host.")),
      sockets: shared.sockets,
    },
    figures: { ...shared.FIGURES, sent: "SYNs that went out" },
    toElsewhere: ["silence"],
    meant: (file) => ({ ...shared.socketOf(file), to: file.to, port: file.port, count: file.sockets }),
  }),
};
