/** A TCP segment, as bytes and as numbers (RFC 9293, section 3.1; RFC 7323, section 3.2). */

export const FLAGS = ["FIN", "SYN", "RST", "PSH", "ACK"] as const;
export type Flag = (typeof FLAGS)[number];

export const WINDOW = 65_535;
/** Of an Ethernet frame of 1500 bytes without options. */
export const MAX_SEGMENT_BYTES = 1460;

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
const TCP_HEADER_BYTES = 20;
const IPPROTO_TCP = 6;
const TIME_TO_LIVE = 64;
const END_OF_OPTIONS = 0;
const NO_OPERATION = 1;
const MAX_SEGMENT = { kind: 2, bytes: 4 } as const;
const TIMESTAMPS = { kind: 8, bytes: 10 } as const;

/**
 * An IPv4 packet with the segment in it; the kernel fills in the IPv4 header's length and checksum.
 * @param dataBytes how much it carries; what that is, is of no account
 */
export function encodePacket(source: string, destination: string, segment: Segment, dataBytes = 0): Buffer {
  const tcp = Buffer.concat([encodeSegment(segment), Buffer.alloc(dataBytes, "x")]);
  const even = Buffer.concat([tcp, Buffer.alloc(tcp.length % 2)]);
  tcp.writeUInt16BE(checksum(pseudoHeader(source, destination, tcp.length), even), 16);
  const header = Buffer.alloc(IPV4_HEADER_BYTES);
  header.writeUInt8(0x40 | (IPV4_HEADER_BYTES / 4), 0);
  header.writeUInt16BE(IPV4_HEADER_BYTES + tcp.length, 2);
  header.writeUInt8(TIME_TO_LIVE, 8);
  header.writeUInt8(IPPROTO_TCP, 9);
  addressBytes(source).copy(header, 12);
  addressBytes(destination).copy(header, 16);
  return Buffer.concat([header, tcp]);
}

/**
 * Of a packet as a raw socket gives it, perhaps without the end of its data. null for what is no whole segment. The
 * checksum is not looked at: between hosts on one machine nobody computes it.
 */
export function decodePacket(packet: Buffer): ArrivedSegment | null {
  if (packet.length < IPV4_HEADER_BYTES || packet.readUInt8(9) !== IPPROTO_TCP) return null;
  const version = packet.readUInt8(0) >> 4;
  const tcpAt = (packet.readUInt8(0) & 0xf) * 4;
  if (version !== 4 || tcpAt < IPV4_HEADER_BYTES || packet.length < tcpAt + TCP_HEADER_BYTES) return null;
  const tcp = packet.subarray(tcpAt);
  const dataAt = (tcp.readUInt8(12) >> 4) * 4;
  const dataBytes = packet.readUInt16BE(2) - tcpAt - dataAt;
  if (dataAt < TCP_HEADER_BYTES || tcp.length < dataAt || dataBytes < 0) return null;
  const bits = tcp.readUInt8(13);
  return {
    sourceAddress: packet.subarray(12, 16).join("."),
    destinationAddress: packet.subarray(16, 20).join("."),
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

/** RFC 9293, section 3.1: the checksum covers the addresses too. */
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

function addressBytes(address: string): Buffer {
  return Buffer.from(address.split(".").map(Number));
}
