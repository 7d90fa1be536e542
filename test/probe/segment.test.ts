import fc from "fast-check";
import { describe, expect, test } from "vitest";
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
function remainder(packet: Buffer): bigint {
  const tcp = packet.subarray(20);
  const length = tcp.length.toString(16).padStart(4, "0");
  return BigInt(`0x${packet.subarray(12, 20).toString("hex")}0006${length}${tcp.toString("hex")}`) % 0xffffn;
}

describe("a segment", () => {
  test("is read as it was written, with a sound checksum", () => {
    fc.assert(
      fc.property(segments, fc.ipV4(), fc.ipV4(), (segment, source, destination) => {
        const packet = encodePacket(source, destination, segment);
        expect(decodePacket(packet)).toEqual({ ...segment, dataBytes: 0 });
        expect(remainder(packet)).toBe(0n);
        expect([...packet.subarray(12, 16)].join(".")).toBe(source);
        expect([...packet.subarray(16, 20)].join(".")).toBe(destination);
      }),
    );
  });

  test("is as the kernel wrote it, byte by byte", () => {
    // A SYN-ACK of Linux 6.18, with its IPv4 header; the checksum is what a network card would have put there.
    const text =
      "4500003c00004000400626a0c6120001c6130001" +
      "23289c40a1b2c3d411223345a012fe8800000000" +
      "020405b40402080adeadbeef01020304" +
      "01030307";
    expect(decodePacket(Buffer.from(text, "hex"))).toEqual({
      sourcePort: 9000,
      destinationPort: 40_000,
      sequence: 0xa1b2_c3d4,
      acknowledgement: 0x1122_3345,
      flags: new Set(["SYN", "ACK"]),
      window: 0xfe88,
      timestamp: { value: 0xdead_beef, echo: 0x0102_0304 },
      maxSegmentBytes: 1460,
      dataBytes: 0,
    });
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
