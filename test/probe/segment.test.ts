import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { addressFrom } from "../../src/kernel/ip-address.js";
import { after, decodePacket, encodePacket, FLAGS, isBefore, type Segment } from "../../src/probe/segment.js";

const port = fc.integer({ min: 0, max: 0xffff });
const number = fc.integer({ min: 0, max: 0xffff_ffff });
const segments: fc.Arbitrary<Segment> = fc.record({
  sourcePort: port,
  destinationPort: port,
  sequence: number,
  acknowledgement: number,
  flags: fc.subarray([...FLAGS]).map((flags) => new Set(flags)),
  window: port,
  timestamp: fc.option(fc.record({ value: number, echo: number })),
  maxSegmentBytes: fc.option(port),
});

/** RFC 1071 by another way: ones' complement addition is addition modulo 2^16 - 1, so a sound segment is 0 of it. */
function remainder(addresses: Buffer, tcp: Buffer): bigint {
  const padding = tcp.length % 2 === 0 ? "" : "00";
  const length = tcp.length.toString(16).padStart(8, "0");
  return BigInt(`0x${addresses.toString("hex")}${length}00000006${tcp.toString("hex")}${padding}`) % 0xffffn;
}

const ipv6 = fc.uint8Array({ minLength: 16, maxLength: 16 }).map((bytes) => addressFrom(Buffer.from(bytes)));

describe("a segment", () => {
  test("is read as it was written, with a sound checksum", () => {
    fc.assert(
      fc.property(segments, fc.ipV4(), fc.ipV4(), fc.nat(20), (segment, source, destination, dataBytes) => {
        const packet = encodePacket(source, destination, segment, dataBytes);
        expect(decodePacket(packet)).toEqual({
          ...segment,
          dataBytes,
          sourceAddress: source,
          destinationAddress: destination,
        });
        expect(remainder(packet.subarray(12, 20), packet.subarray(20))).toBe(0n);
        expect([...packet.subarray(12, 16)].join(".")).toBe(source);
        expect([...packet.subarray(16, 20)].join(".")).toBe(destination);
      }),
    );
  });

  test("is read as it was written, with a sound checksum, over IPv6 too", () => {
    fc.assert(
      fc.property(segments, ipv6, ipv6, fc.nat(20), (segment, sourceAddress, destinationAddress, dataBytes) => {
        const packet = encodePacket(sourceAddress, destinationAddress, segment, dataBytes);
        expect(decodePacket(packet)).toEqual({ ...segment, dataBytes, sourceAddress, destinationAddress });
        expect(remainder(packet.subarray(8, 40), packet.subarray(40))).toBe(0n);
        // Behind other headers of IPv6 there may be one, too: nothing here sends that.
        packet.writeUInt8(60, 6);
        expect(decodePacket(packet)).toBeNull();
      }),
    );
  });

  // What a raw socket saw of Linux 6.18. Over loopback nobody fills in the checksum.
  test.each([
    {
      captured:
        "4500003c000040004006ae94c6120001c613000123289c4040e90ef00f1cb5a1a012ffcb8c560000" +
        "0204ffd70402080acf7816378f93c5bd0103030a",
      is: { sequence: 0x40e9_0ef0, acknowledgement: 0x0f1c_b5a1, flags: ["SYN", "ACK"], window: 0xffcb },
      has: { timestamp: { value: 0xcf78_1637, echo: 0x8f93_c5bd }, maxSegmentBytes: 0xffd7, dataBytes: 0 },
    },
    {
      captured:
        "4500003b9e3f400040061056c6120001c613000123289c4040e90ef10f1cb5a1801800408c550000" +
        "0101080acf7816378f93c5bd72657175657374",
      is: { sequence: 0x40e9_0ef1, acknowledgement: 0x0f1c_b5a1, flags: ["PSH", "ACK"], window: 64 },
      has: { timestamp: { value: 0xcf78_1637, echo: 0x8f93_c5bd }, maxSegmentBytes: null, dataBytes: 7 },
    },
  ])("is read as the kernel wrote it: $is.flags", ({ captured, is, has }) => {
    const addresses = { sourceAddress: "198.18.0.1", destinationAddress: "198.19.0.1" };
    const ports = { sourcePort: 9000, destinationPort: 40_000, ...addresses };
    expect(decodePacket(Buffer.from(captured, "hex"))).toEqual({ ...ports, ...is, flags: new Set(is.flags), ...has });
  });

  test("that was cut off after its headers still tells how much it carried", () => {
    const segment = decodePacket(
      Buffer.from(`450005dc${"0".repeat(10)}06${"0".repeat(44)}5010${"0".repeat(12)}`, "hex"),
    );
    expect(segment).toMatchObject({ dataBytes: 1460, timestamp: null });
  });

  test("is nothing else, and no damage makes it throw", () => {
    fc.assert(
      fc.property(segments, fc.nat(59), fc.integer({ min: 0, max: 255 }), fc.nat(60), (segment, at, byte, length) => {
        const packet = encodePacket("198.18.0.1", "198.19.0.1", segment);
        packet[at] = byte;
        const decoded = decodePacket(packet.subarray(0, length));
        expect(decoded === null || decoded.dataBytes >= 0).toBe(true);
      }),
    );
    expect(decodePacket(Buffer.alloc(0))).toBeNull();
    const udp = encodePacket("198.18.0.1", "198.19.0.1", fc.sample(segments, 1)[0]!);
    udp[9] = 17;
    expect(decodePacket(udp)).toBeNull();
  });
});

describe("sequence numbers", () => {
  test("go round at 2^32", () => {
    expect(after(0xffff_ffff, 1)).toBe(0);
    expect(after(0, -1)).toBe(0xffff_ffff);
    expect(isBefore(0xffff_fff0, 5)).toBe(true);
    expect(isBefore(5, 0xffff_fff0)).toBe(false);
  });

  test("are before those that lie less than half the circle ahead", () => {
    fc.assert(
      fc.property(number, fc.integer({ min: 1, max: 0x7fff_ffff }), (from, offset) => {
        expect(isBefore(from, after(from, offset))).toBe(true);
        expect(isBefore(after(from, offset), from)).toBe(false);
        expect(isBefore(from, from)).toBe(false);
        expect(after(after(from, offset), -offset)).toBe(from);
      }),
    );
  });
});
