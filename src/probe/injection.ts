import { monotonicMs } from "../kernel/clock.js";
import { libc } from "../kernel/libc.js";
import { packetSocket } from "../kernel/raw-socket.js";
import { socketCalls } from "../kernel/socket.js";
import type { ProbeStep } from "../scenario/phases/types.js";
import { addressOf } from "./address.js";
import { Answers } from "./answers.js";
import { after, encodePacket, type Flag, maxSegmentBytesTo, type Segment } from "./segment.js";
import { sendPacket } from "./send-packet.js";
import { Tally } from "./tally.js";
import type { Figures } from "./types.js";
import type { Followed, Watched } from "./watch.js";

type SegmentStep = Extract<ProbeStep, { do: "segment" }>;
type HearStep = Extract<ProbeStep, { do: "hear" }>;

/** The peer has not said anything that numbers could be taken from. */
const UNKNOWN = "ENODATA";
/** It has said more than the watch had room for, so that what is known may not be the last of it. */
const MISSED = "ENOBUFS";

/** @param followed the errno where nothing could be watched */
export function takeSegment(step: SegmentStep, followed: Followed | number): Figures {
  return withAnswers(step, followed, (answers, tally, { watch, connections, ghost }) => {
    // What came before is no answer.
    watch.look();
    let withTimestamp = 0;
    const missed = watch.hasMissed;
    for (const connection of connections()) {
      const sinceMs = monotonicMs();
      const segment = segmentFor(step, connection, ghost?.timestamps);
      if (missed || segment === null) {
        tally.failed(sinceMs, missed ? MISSED : UNKNOWN);
        continue;
      }
      answers.expect(connection, sinceMs);
      const errno = send(connection, segment, step.bytes);
      if (errno !== 0) {
        tally.failed(sinceMs, errno);
        continue;
      }
      tally.succeeded(sinceMs);
      if (segment.timestamp !== null) withTimestamp++;
      if (ghost !== null) advance(connection, segment, step.bytes);
      answers.look();
    }
    return { withTimestamp };
  });
}

/** What has come since the last of these steps counts, too. */
export function takeHear(step: HearStep, followed: Followed | number): Figures {
  return withAnswers(step, followed, (answers, tally, { connections }) => {
    for (const connection of connections()) {
      tally.succeeded(tally.startedMs);
      answers.hear(connection, tally.startedMs);
    }
    answers.look();
    return {};
  });
}

function withAnswers(
  step: SegmentStep | HearStep,
  followed: Followed | number,
  begin: (answers: Answers, tally: Tally, followed: Followed) => Figures,
): Figures {
  const tally = new Tally(step.timeoutMs);
  if (typeof followed === "number") {
    tally.failed(tally.startedMs, followed, "socket");
    return tally.figures(new Answers(null, null).figures());
  }
  const answers = new Answers(followed.watch, step.until);
  // Nobody may have connected to a peer yet.
  while (step.do === "hear" && followed.ghost !== null && followed.connections().length === 0 && tally.leftMs > 0) {
    followed.watch.wait(tally.leftMs);
    followed.watch.look();
  }
  if (followed.connections().length === 0) tally.nothingThere();
  const figures = begin(answers, tally, followed);
  answers.waitFor(tally, step.collectMs);
  if (followed.watch.hasMissed) tally.errnoOtherwise = MISSED;
  return tally.figures({ ...answers.figures(), ...figures });
}

/** The errno; 0 when it is on its way. */
function send({ own, peer }: Watched, segment: Segment, dataBytes: number): number {
  const fd = packetSocket(addressOf(peer.address, peer.port));
  if (fd < 0) return libc().errno();
  const packet = encodePacket(own.address, peer.address, segment, dataBytes);
  const errno = sendPacket(fd, packet) < 0 ? libc().errno() : 0;
  socketCalls().close(fd);
  return errno;
}

/** null: the peer has not told what it takes. Exported for tests. @param timestamps whether this side uses them at all */
export function segmentFor(step: SegmentStep, connection: Watched, timestamps = true): Segment | null {
  const { next, peersNext, timestamp } = connection;
  const flags = new Set<Flag>(step.flags);
  const acknowledges = flags.has("ACK");
  if (next === null || (peersNext === null && acknowledges)) return null;
  return {
    sourcePort: connection.own.port,
    destinationPort: connection.peer.port,
    // The FIN was the last that it sent, and takes up one number (RFC 9293, section 3.4).
    sequence: after(next, step.sequence === "repeat" ? -1 : step.sequence),
    acknowledgement: acknowledges ? after(peersNext!, step.acknowledgement) : 0,
    flags,
    window: step.window,
    // Both sides have agreed on timestamps, or no segment has one (RFC 7323, section 3.2).
    timestamp:
      !timestamps || step.timestamp === null || timestamp === null
        ? null
        : { value: after(timestamp.own, step.timestamp), echo: acknowledges ? timestamp.peers : 0 },
    maxSegmentBytes: flags.has("SYN") ? maxSegmentBytesTo(connection.own.address) : null,
  };
}

/** What is sent in its turn moves the next number. */
function advance(connection: Watched, { sequence, flags }: Segment, dataBytes: number): void {
  if (sequence !== connection.next) return;
  connection.next = after(sequence, dataBytes + (flags.has("SYN") ? 1 : 0) + (flags.has("FIN") ? 1 : 0));
}
