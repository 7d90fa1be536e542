/** Runs on a host of a lab: sends numbered datagrams to the other one, or tells when it saw them on the host's card. */
import { createSocket } from "node:dgram";
import { setTimeout as pause } from "node:timers/promises";
import { FramePort, TO_DO_BYTES } from "../../src/kernel/frame-port.js";
import { wallClock } from "../../src/kernel/wall-clock.js";
import type { EndOrder } from "./links.js";
import type { Times } from "./links-table.js";

const MARK = 0x6c69_6e6b;
const DATAGRAM_BYTES = 64;
const DISCARD_PORT = 9;
/** Behind the heads of Ethernet, IPv4 and UDP. */
const PAYLOAD_AT = TO_DO_BYTES + 14 + 20 + 8;
const LOOK_EVERY_MS = 5;
/** No two at a time, and in no step with any clock's ticks. */
const LEAST_GAP_MS = 2;
const MORE_GAP_MS = 5;

const wall = wallClock();
let isOver = false;
let watched: Promise<Times> | null = null;

const does: { [Name in EndOrder["do"]]: (order: Extract<EndOrder, { do: Name }>) => Promise<unknown> } = {
  /** What the kernel sees on the card, and when: what goes out behind the host's own queue, what comes in at once. */
  async watch({ originSec }) {
    watched = seenFrom(wall.of(originSec, 0));
  },

  async tell() {
    isOver = true;
    return watched;
  },

  /** @returns when each was handed to the kernel */
  async send({ originSec, to, count }) {
    const socket = createSocket("udp4");
    await new Promise<void>((resolve) => socket.bind(resolve));
    const origin = wall.of(originSec, 0);
    const sent: Times = [];
    for (let number = 0; number < count; number++) {
      const datagram = Buffer.alloc(DATAGRAM_BYTES);
      datagram.writeUInt32BE(MARK, 0);
      datagram.writeUInt32BE(number, 4);
      sent.push([number, wall.now() - origin]);
      socket.send(datagram, DISCARD_PORT, to);
      await pause(LEAST_GAP_MS + Math.random() * MORE_GAP_MS);
    }
    socket.close();
    return sent;
  },
};

async function seenFrom(originMs: number): Promise<Times> {
  const port = FramePort.open("eth0");
  const seen: Times = [];
  while (!isOver) {
    for (; port.look(); port.next()) {
      const { bytes, from, length, seconds, nanoseconds } = port;
      if (length < PAYLOAD_AT + DATAGRAM_BYTES || bytes.readUInt32BE(from + PAYLOAD_AT) !== MARK) continue;
      seen.push([bytes.readUInt32BE(from + PAYLOAD_AT + 4), wall.of(seconds, nanoseconds) - originMs]);
    }
    await pause(LOOK_EVERY_MS);
  }
  if (port.missed > 0) throw new Error(`${port.missed} frames were not seen`);
  return seen;
}

async function carryOut(order: EndOrder): Promise<void> {
  try {
    process.send?.({ answer: (await does[order.do](order as never)) ?? null });
  } catch (error) {
    process.send?.({ error: String(error) });
  }
}
process.on("message", (order: EndOrder) => void carryOut(order));
process.on("disconnect", () => process.exit());
