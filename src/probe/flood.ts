import { addressBytes, addressFrom } from "../kernel/ip-address.js";
import { libc } from "../kernel/libc.js";
import { packetSocket } from "../kernel/raw-socket.js";
import { socketCalls } from "../kernel/socket.js";
import type { ProbeStep } from "../scenario/phases/types.js";
import { addressOf } from "./address.js";
import { encodePacket, maxSegmentBytesTo, WINDOW } from "./segment.js";
import { sendPacket } from "./send-packet.js";
import { Tally } from "./tally.js";
import type { Figures } from "./types.js";

/** SYNs of a flood come from so many addresses in turn, and from ports that no service has. */
const FLOOD_ADDRESSES = 250;
const FLOOD_FIRST_PORT = 1024;
const FLOOD_PORTS = 0x1_0000 - FLOOD_FIRST_PORT;

export function takeFlood(step: Extract<ProbeStep, { do: "flood" }>, silence: string): Figures {
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
      maxSegmentBytes: maxSegmentBytesTo(silence),
    });
    tally.make(() => sendPacket(fd, packet));
  }
  if (fd >= 0) socketCalls().close(fd);
  return tally.figures({ sent: tally.successes });
}

/** The address itself, or one of those that follow it. */
function floodSource(silence: string, at: number): string {
  const address = addressBytes(silence);
  const lastAt = address.length - 2;
  address.writeUInt16BE(address.readUInt16BE(lastAt) + (at % FLOOD_ADDRESSES), lastAt);
  return addressFrom(address);
}
