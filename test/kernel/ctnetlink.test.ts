import fc from "fast-check";
import { expect, test } from "vitest";
import { encodeEntriesRequest, entriesReply, type TrackedEntry } from "../../src/kernel/ctnetlink.js";
import { DamagedReplyError } from "../../src/kernel/netlink.js";
import { doneMessage, SEQUENCE } from "./netlink-replies.js";

const ENTRY = 0x0100;
const NESTED = 0x8000;

function attribute(type: number, payload: Buffer): Buffer {
  const padded = Buffer.alloc((4 + payload.length + 3) & ~3);
  padded.writeUInt16LE(4 + payload.length, 0);
  padded.writeUInt16LE(type, 2);
  payload.copy(padded, 4);
  return padded;
}

function entry({ tcpState, leftSec }: TrackedEntry, between: Buffer): Buffer {
  const seconds = Buffer.alloc(4);
  seconds.writeUInt32BE(leftSec ?? 0);
  const state = attribute(1, Buffer.from([tcpState ?? 0]));
  const payload = Buffer.concat([
    Buffer.from([2, 0, 0, 0]),
    attribute(9, between),
    ...(tcpState === null ? [] : [attribute(NESTED | 4, attribute(NESTED | 1, state))]),
    ...(leftSec === null ? [] : [attribute(7, seconds)]),
  ]);
  const header = Buffer.alloc(16);
  header.writeUInt32LE(16 + payload.length, 0);
  header.writeUInt16LE(ENTRY, 4);
  header.writeUInt16LE(2, 6);
  header.writeUInt32LE(SEQUENCE, 8);
  return Buffer.concat([header, payload]);
}

const entries = fc.array(
  fc.record({
    tcpState: fc.option(fc.integer({ min: 0, max: 9 })),
    leftSec: fc.option(fc.integer({ min: 0, max: 500_000 })),
  }),
);

function read(datagram: Buffer): TrackedEntry[] {
  const seen: TrackedEntry[] = [];
  entriesReply(SEQUENCE, (one) => seen.push(one)).push(datagram);
  return seen;
}

test("every entry is read, with its state and what it has left, whatever lies between", () => {
  fc.assert(
    fc.property(entries, fc.uint8Array({ maxLength: 9 }), (table, between) => {
      const datagram = Buffer.concat([...table.map((one) => entry(one, Buffer.from(between))), doneMessage()]);
      expect(read(datagram)).toEqual(table);
    }),
  );
});

test("damage is noticed, or changes nothing but the entries", () => {
  const whole = Buffer.concat([entry({ tcpState: 7, leftSec: 119 }, Buffer.alloc(3)), doneMessage()]);
  fc.assert(
    fc.property(fc.nat(whole.length - 1), fc.nat(255), (at, byte) => {
      const damaged = Buffer.from(whole);
      damaged[at] = byte;
      try {
        expect(read(damaged).length).toBeLessThanOrEqual(1);
      } catch (error) {
        expect(["DamagedReplyError", "RefusedError"]).toContain((error as Error).name);
      }
    }),
  );
  expect(() => read(whole.subarray(0, 20))).toThrow(DamagedReplyError);
});

test("a request asks for a dump of all entries", () => {
  const request = encodeEntriesRequest(5);
  expect(request.readUInt32LE(0)).toBe(request.length);
  expect(request.readUInt16LE(4)).toBe(0x0101);
  expect(request.readUInt16LE(6)).toBe(0x301);
});
