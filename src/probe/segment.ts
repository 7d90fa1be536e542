import { addressBytes, addressFrom, isIpv6 } from "../kernel/ip-address.js";

/** A TCP segment, as bytes and as numbers (RFC 9293, section 3.1; RFC 7323, section 3.2). */

export const FLAGS = ["FIN", "SYN", "RST", "PSH", "ACK"] as const;
export type Flag = (typeof FLAGS)[number];

export const WINDOW = 65_535;
const FRAME_BYTES = 1500;

export interface Segment {
  sourcePort: number;
  destinationPort: number;
  /** Modulo 2^32, as every number of that kind. */
  sequence: number;
  /** Means nothing without the flag ACK. */
  acknowledgement: number;
  flags: ReadonlySet<Flag>;
  window: number;
  /** null: without the option. */
  timestamp: { value: number; echo: number } | null;
  /** The most that a segment to it may carry, told with a SYN; null: without the option. */
  maxSegmentBytes: number | null;
}

export interface ArrivedSegment extends Segment {
  sourceAddress: string;
  destinationAddress: string;
  /** The bytes that it carries. */
  dataBytes: number;
}

const IPV4_HEADER_BYTES = 20;
const IPV6_HEADER_BYTES = 40;
const TCP_HEADER_BYTES = 20;
const IPPROTO_TCP = 6;
const TIME_TO_LIVE = 64;
const END_OF_OPTIONS = 0;
const NO_OPERATION = 1;
const MAX_SEGMENT = { kind: 2, bytes: 4 } as const;
const TIMESTAMPS = { kind: 8, bytes: 10 } as const;

/** What fits into an Ethernet frame without options. @param address of whoever it goes to */
export function maxSegmentBytesTo(address: string): number {
  return FRAME_BYTES - TCP_HEADER_BYTES - (isIpv6(address) ? IPV6_HEADER_BYTES : IPV4_HEADER_BYTES);
}

/**
 * A packet of IPv4 or IPv6 with the segment in it; the kernel fills in the IPv4 header's length and checksum.
 * @param dataBytes how much it carries; what that is, is of no account
 */
export function encodePacket(source: string, destination: string, segment: Segment, dataBytes = 0): Buffer {
  const tcp = Buffer.concat([encodeSegment(segment), Buffer.alloc(dataBytes, "x")]);
  const even = Buffer.concat([tcp, Buffer.alloc(tcp.length % 2)]);
  tcp.writeUInt16BE(checksum(pseudoHeader(source, destination, tcp.length), even), 16);
  const header = isIpv6(source) ? ipv6Header(tcp.length) : ipv4Header(tcp.length);
  return Buffer.concat([header, addressBytes(source), addressBytes(destination), tcp]);
}

/**
 * Of a packet as a raw socket gives it, perhaps without the end of its data. null for what is no whole segment. The
 * checksum is not looked at: between hosts on one machine nobody computes it.
 */
export function decodePacket(packet: Buffer): ArrivedSegment | null {
  const header = packet.length < IPV4_HEADER_BYTES ? null : decodeHeader(packet);
  if (header === null || packet.length < header.tcpAt + TCP_HEADER_BYTES) return null;
  const tcp = packet.subarray(header.tcpAt);
  const dataAt = (tcp.readUInt8(12) >> 4) * 4;
  const dataBytes = header.tcpBytes - dataAt;
  if (dataAt < TCP_HEADER_BYTES || tcp.length < dataAt || dataBytes < 0) return null;
  const bits = tcp.readUInt8(13);
  return {
    sourceAddress: addressFrom(header.source),
    destinationAddress: addressFrom(header.destination),
    sourcePort: tcp.readUInt16BE(0),
    destinationPort: tcp.readUInt16BE(2),
    sequence: tcp.readUInt32BE(4),
    acknowledgement: tcp.readUInt32BE(8),
    flags: new Set(FLAGS.filter((_, bit) => (bits & (1 << bit)) !== 0)),
    window: tcp.readUInt16BE(14),
    ...decodeOptions(tcp.subarray(TCP_HEADER_BYTES, dataAt)),
    dataBytes,
  };
}

/** Up to the addresses. */
function ipv4Header(tcpBytes: number): Buffer {
  const header = Buffer.alloc(12);
  header.writeUInt8(0x40 | (IPV4_HEADER_BYTES / 4), 0);
  header.writeUInt16BE(IPV4_HEADER_BYTES + tcpBytes, 2);
  header.writeUInt8(TIME_TO_LIVE, 8);
  header.writeUInt8(IPPROTO_TCP, 9);
  return header;
}

/** Up to the addresses (RFC 8200, section 3). */
function ipv6Header(tcpBytes: number): Buffer {
  const header = Buffer.alloc(8);
  header.writeUInt8(0x60, 0);
  header.writeUInt16BE(tcpBytes, 4);
  header.writeUInt8(IPPROTO_TCP, 6);
  header.writeUInt8(TIME_TO_LIVE, 7);
  return header;
}

/** Of a packet that carries TCP, without extension headers of IPv6; null for another. It has 20 bytes at least. */
function decodeHeader(packet: Buffer) {
  const version = packet.readUInt8(0) >> 4;
  if (version === 4 && packet.readUInt8(9) === IPPROTO_TCP) {
    const tcpAt = (packet.readUInt8(0) & 0xf) * 4;
    const tcpBytes = packet.readUInt16BE(2) - tcpAt;
    const addresses = { source: packet.subarray(12, 16), destination: packet.subarray(16, 20) };
    return tcpAt < IPV4_HEADER_BYTES ? null : { tcpAt, tcpBytes, ...addresses };
  }
  if (version !== 6 || packet.readUInt8(6) !== IPPROTO_TCP) return null;
  const addresses = { source: packet.subarray(8, 24), destination: packet.subarray(24, 40) };
  return { tcpAt: IPV6_HEADER_BYTES, tcpBytes: packet.readUInt16BE(4), ...addresses };
}

/** What one number is after another, modulo 2^32. */
export function after(number: number, offset: number): number {
  return (number + offset) >>> 0;
}

/** How far `a` is behind `b` on the circle of 2^32; below zero: before it. */
export function distance(a: number, b: number): number {
  return (a - b) | 0;
}

/** Whether `a` is before `b` on the circle of 2^32 (RFC 9293, section 3.4). */
export function isBefore(a: number, b: number): boolean {
  return (a - b) >> 31 !== 0;
}

function encodeSegment(segment: Segment): Buffer {
  const options = encodeOptions(segment);
  const tcp = Buffer.alloc(TCP_HEADER_BYTES + options.length);
  tcp.writeUInt16BE(segment.sourcePort, 0);
  tcp.writeUInt16BE(segment.destinationPort, 2);
  tcp.writeUInt32BE(segment.sequence, 4);
  tcp.writeUInt32BE(segment.acknowledgement, 8);
  tcp.writeUInt8((tcp.length / 4) << 4, 12);
  tcp.writeUInt8(
    FLAGS.reduce((bits, flag, bit) => bits | (segment.flags.has(flag) ? 1 << bit : 0), 0),
    13,
  );
  tcp.writeUInt16BE(segment.window, 14);
  options.copy(tcp, TCP_HEADER_BYTES);
  return tcp;
}

/** Each option is filled up to whole words of 32 bits. */
function encodeOptions({ timestamp, maxSegmentBytes }: Segment): Buffer {
  const parts: Buffer[] = [];
  if (maxSegmentBytes !== null) {
    const option = Buffer.from([MAX_SEGMENT.kind, MAX_SEGMENT.bytes, 0, 0]);
    option.writeUInt16BE(maxSegmentBytes, 2);
    parts.push(option);
  }
  if (timestamp !== null) {
    const option = Buffer.alloc(2 + TIMESTAMPS.bytes, NO_OPERATION);
    option.set([TIMESTAMPS.kind, TIMESTAMPS.bytes], 2);
    option.writeUInt32BE(timestamp.value, 4);
    option.writeUInt32BE(timestamp.echo, 8);
    parts.push(option);
  }
  return Buffer.concat(parts);
}

/** Up to the first that is damaged. */
function decodeOptions(options: Buffer): Pick<Segment, "timestamp" | "maxSegmentBytes"> {
  const found: Pick<Segment, "timestamp" | "maxSegmentBytes"> = { timestamp: null, maxSegmentBytes: null };
  for (let at = 0; at < options.length && options[at] !== END_OF_OPTIONS;) {
    if (options[at] === NO_OPERATION) {
      at++;
      continue;
    }
    const bytes = options[at + 1] ?? 0;
    if (bytes < 2 || at + bytes > options.length) break;
    if (options[at] === TIMESTAMPS.kind && bytes === TIMESTAMPS.bytes)
      found.timestamp = { value: options.readUInt32BE(at + 2), echo: options.readUInt32BE(at + 6) };
    if (options[at] === MAX_SEGMENT.kind && bytes === MAX_SEGMENT.bytes)
      found.maxSegmentBytes = options.readUInt16BE(at + 2);
    at += bytes;
  }
  return found;
}

/** RFC 9293, section 3.1: the checksum covers the addresses too. IPv6 has wider fields, which add up to the same. */
function pseudoHeader(source: string, destination: string, tcpBytes: number): Buffer {
  const end = Buffer.from([0, IPPROTO_TCP, 0, 0]);
  end.writeUInt16BE(tcpBytes, 2);
  return Buffer.concat([addressBytes(source), addressBytes(destination), end]);
}

/** RFC 1071, of parts that have whole words of 16 bits. */
function checksum(...parts: Buffer[]): number {
  let sum = 0;
  for (const part of parts) for (let at = 0; at < part.length; at += 2) sum += part.readUInt16BE(at);
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  return ~sum & 0xffff;
}
