import { monotonicMs } from "../kernel/clock.js";
import { libc } from "../kernel/libc.js";
import { Memory } from "../kernel/memory.js";
import { packetSocket } from "../kernel/raw-socket.js";
import { socketCalls } from "../kernel/socket.js";
import type { ProbeStep } from "../scenario/phases/types.js";
import { addressOf } from "./address.js";
import { after, type ArrivedSegment, encodePacket, type Flag, type Segment } from "./segment.js";
import { rounded, Tally } from "./tally.js";
import type { Figures } from "./types.js";
import type { Watch, Watched } from "./watch.js";

type SegmentStep = Extract<ProbeStep, { do: "segment" }>;
type FloodStep = Extract<ProbeStep, { do: "flood" }>;

const WINDOW = 65_535;
/** Of an Ethernet frame of 1500 bytes without options. */
const MAX_SEGMENT_BYTES = 1460;
/** SYNs of a flood come from so many addresses in turn, and from ports that no service has. */
const FLOOD_ADDRESSES = 250;
const FLOOD_FIRST_PORT = 1024;
const FLOOD_PORTS = 0x1_0000 - FLOOD_FIRST_PORT;

/** The peer has not said anything that numbers could be taken from. */
const UNKNOWN = "ENODATA";
/** It has said more than the watch had room for, so that what is known may not be the last of it. */
const MISSED = "ENOBUFS";
/** In the order in which the names of a segment's flags are put together. */
const NAMED_FLAGS = ["SYN", "FIN", "ACK"] as const;
const FIGURE_OF_ANSWER: Readonly<Record<string, string>> = {
  ACK: "ack",
  "SYN-ACK": "synAck",
  RST: "rst",
  "FIN-ACK": "finAck",
};

/** @param watch the errno where it could not be opened */
export function takeSegment(step: SegmentStep, watch: Watch | number): Figures {
  const tally = new Tally(step.timeoutMs);
  const counts: Record<string, number> = { ack: 0, synAck: 0, rst: 0, finAck: 0, other: 0, silent: 0 };
  const nothing = { answer: null, answerMs: null, ...counts, withTimestamp: 0 };
  if (typeof watch === "number") {
    tally.failed(tally.startedMs, watch, "socket");
    return tally.figures(nothing);
  }
  // What came before is no answer.
  watch.look();
  const answers = new Answers(watch);
  const withTimestamp = send(step, watch, answers, tally);
  answers.waitFor(tally);
  if (watch.hasMissed) tally.errnoOtherwise = MISSED;
  for (const { name } of answers.all) {
    const figure = name === null ? "silent" : (FIGURE_OF_ANSWER[name] ?? "other");
    counts[figure] = (counts[figure] ?? 0) + 1;
  }
  const [first] = answers.all;
  if (first === undefined) return tally.figures(nothing);
  return tally.figures({ answer: first.name ?? "none", answerMs: first.afterMs, ...counts, withTimestamp });
}

/** To each connection. @returns how many segments had a timestamp */
function send(step: SegmentStep, watch: Watch, answers: Answers, tally: Tally): number {
  const { address, port } = watch.peer;
  const fd = packetSocket(addressOf(address, port));
  if (fd < 0) {
    tally.failed(tally.startedMs, libc().errno(), "socket");
    return 0;
  }
  let withTimestamp = 0;
  if (watch.connections.length === 0) tally.nothingThere();
  const missed = watch.hasMissed;
  for (const connection of watch.connections) {
    const sinceMs = monotonicMs();
    const segment = segmentFor(step, connection, port);
    if (missed || segment === null) {
      tally.failed(sinceMs, missed ? MISSED : UNKNOWN);
    } else if (sendPacket(fd, encodePacket(connection.ownAddress, address, segment)) < 0) {
      tally.failed(sinceMs, libc().errno());
    } else {
      tally.succeeded(sinceMs);
      if (segment.timestamp !== null) withTimestamp++;
      answers.expect(connection.ownPort, sinceMs);
      answers.look();
    }
  }
  socketCalls().close(fd);
  return withTimestamp;
}

/** null: the peer has not told what it takes. Exported for tests. */
export function segmentFor(step: SegmentStep, connection: Watched, peerPort: number): Segment | null {
  const { next, peersNext, timestamp } = connection;
  if (next === null || peersNext === null) return null;
  const flags = new Set<Flag>(step.flags);
  const acknowledges = flags.has("ACK");
  return {
    sourcePort: connection.ownPort,
    destinationPort: peerPort,
    // The FIN was the last that it sent, and takes up one number (RFC 9293, section 3.4).
    sequence: after(next, step.sequence === "repeat" ? -1 : step.sequence),
    acknowledgement: acknowledges ? peersNext : 0,
    flags,
    window: WINDOW,
    // Both sides have agreed on timestamps, or no segment has one (RFC 7323, section 3.2).
    timestamp:
      step.timestamp === null || timestamp === null
        ? null
        : { value: after(timestamp.own, step.timestamp), echo: acknowledges ? timestamp.peers : 0 },
    maxSegmentBytes: flags.has("SYN") ? MAX_SEGMENT_BYTES : null,
  };
}

interface Answer {
  sentMs: number;
  /** null: none yet. */
  name: string | null;
  afterMs: number | null;
}

/** The first segment that comes for each connection to which one was sent. */
class Answers {
  readonly #watch: Watch;
  readonly #byPort = new Map<number, Answer>();
  #missing = 0;

  constructor(watch: Watch) {
    this.#watch = watch;
  }

  /** In the order of `expect`. */
  get all(): Answer[] {
    return [...this.#byPort.values()];
  }

  expect(ownPort: number, sentMs: number): void {
    this.#byPort.set(ownPort, { sentMs, name: null, afterMs: null });
    this.#missing++;
  }

  look(): void {
    for (const segment of this.#watch.look()) {
      const answer = this.#byPort.get(segment.destinationPort);
      if (answer === undefined || answer.name !== null) continue;
      answer.name = nameOf(segment);
      answer.afterMs = rounded(monotonicMs() - answer.sentMs);
      this.#missing--;
    }
  }

  /** Until all have come, or the time is over. */
  waitFor(tally: Tally): void {
    for (;;) {
      const { leftMs } = tally;
      this.look();
      if (this.#missing === 0 || leftMs === 0) return;
      this.#watch.wait(leftMs);
    }
  }
}

/** A RST is one whether it acknowledges something or not. */
function nameOf({ flags }: ArrivedSegment): string {
  if (flags.has("RST")) return "RST";
  return NAMED_FLAGS.filter((flag) => flags.has(flag)).join("-");
}

export function takeFlood(step: FloodStep, silence: string): Figures {
  const tally = new Tally(step.timeoutMs);
  const fd = packetSocket(addressOf(step.to, step.port));
  if (fd < 0) tally.failed(tally.startedMs, libc().errno(), "socket");
  for (let at = 0; fd >= 0 && at < step.count; at++) {
    const packet = encodePacket(floodSource(silence, at), step.to, {
      sourcePort: FLOOD_FIRST_PORT + (Math.floor(at / FLOOD_ADDRESSES) % FLOOD_PORTS),
      destinationPort: step.port,
      sequence: Math.floor(Math.random() * 2 ** 32),
      acknowledgement: 0,
      flags: new Set(["SYN"]),
      window: WINDOW,
      timestamp: null,
      maxSegmentBytes: MAX_SEGMENT_BYTES,
    });
    tally.make(() => sendPacket(fd, packet));
  }
  if (fd >= 0) socketCalls().close(fd);
  return tally.figures({ sent: tally.successes });
}

/** The address itself, or one of those that follow it. */
function floodSource(silence: string, at: number): string {
  const first = silence.split(".").reduce((number, part) => number * 256 + Number(part), 0);
  const address = first + (at % FLOOD_ADDRESSES);
  return [24, 16, 8, 0].map((shift) => (address >>> shift) & 0xff).join(".");
}

function sendPacket(fd: number, packet: Buffer): number {
  const memory = new Memory(packet);
  return socketCalls().send(fd, memory.address, memory.length, 0);
}
