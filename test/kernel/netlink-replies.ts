import fc from "fast-check";
import type { Family } from "../../src/kernel/sock-diag.js";

/** The kernel's part of the conversation, written from its headers and not from our reader. */

export const SEQUENCE = 0x01020304;

export interface KernelSocket {
  state: number;
  timer: number;
  localPort: number;
  remotePort: number;
  localAddress: number[];
  remoteAddress: number[];
  expiresMs: number;
  /** Whatever attributes come after the socket. */
  attributes: Uint8Array;
}

export function socketOf(family: Family): fc.Arbitrary<KernelSocket> {
  const address = fc.array(fc.integer({ min: 0, max: 255 }), {
    minLength: family === 2 ? 4 : 16,
    maxLength: family === 2 ? 4 : 16,
  });
  const port = fc.integer({ min: 0, max: 65_535 });
  return fc.record({
    state: fc.integer({ min: 1, max: 11 }),
    timer: fc.integer({ min: 0, max: 4 }),
    localPort: port,
    remotePort: port,
    localAddress: address,
    remoteAddress: address,
    expiresMs: fc.integer({ min: 0, max: 0xffff_ffff }),
    attributes: fc.uint8Array({ maxLength: 20 }),
  });
}

export function message(type: number, payload: Uint8Array, sequence = SEQUENCE, flags = 2): Buffer {
  const header = Buffer.alloc(16);
  header.writeUInt32LE(16 + payload.length, 0);
  header.writeUInt16LE(type, 4);
  header.writeUInt16LE(flags, 6);
  header.writeUInt32LE(sequence, 8);
  header.writeUInt32LE(4711, 12);
  const filling = Buffer.alloc((4 - (payload.length % 4)) % 4);
  return Buffer.concat([header, payload, filling]);
}

export function socketMessage(family: Family, socket: KernelSocket): Buffer {
  const payload = Buffer.alloc(72);
  payload.set([family, socket.state, socket.timer, 0], 0);
  payload.writeUInt16BE(socket.localPort, 4);
  payload.writeUInt16BE(socket.remotePort, 6);
  payload.set(socket.localAddress, 8);
  payload.set(socket.remoteAddress, 24);
  payload.writeUInt32LE(socket.expiresMs, 52);
  return message(20, Buffer.concat([payload, socket.attributes]));
}

export function doneMessage(status = 0): Buffer {
  const payload = Buffer.alloc(4);
  payload.writeInt32LE(status);
  return message(3, payload);
}

/** Messages spread over datagrams: a new one begins before each message whose place is among `cuts`. */
export function datagrams(messages: readonly Buffer[], cuts: readonly number[]): Buffer[] {
  const grouped: Buffer[][] = [];
  for (const [place, one] of messages.entries()) {
    if (place === 0 || cuts.includes(place)) grouped.push([]);
    grouped.at(-1)!.push(one);
  }
  return grouped.map((group) => Buffer.concat(group));
}
