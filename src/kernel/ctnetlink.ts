import { DamagedReplyError, DumpReply, HEADER_BYTES, uint16, writeDumpHeader } from "./netlink.js";

/**
 * The table of connection tracking by netlink (include/uapi/linux/netfilter/nfnetlink_conntrack.h,
 * net/netfilter/nf_conntrack_netlink.c): requests written, replies read, without system calls.
 */

export const NETLINK_NETFILTER = 12;

/** Subsystem in the upper byte, message in the lower one. */
const GET_ENTRIES = 0x01_01;
const ENTRY = 0x01_00;
/** struct nfgenmsg: family, version, resource id. */
const GENERIC_BYTES = 4;
const ATTRIBUTE_BYTES = 4;
/** The upper two bits of an attribute's type are flags. */
const TYPE_MASK = 0x3fff;
const PROTOINFO = 4;
const TIMEOUT = 7;
const PROTOINFO_TCP = 1;
const PROTOINFO_TCP_STATE = 1;

/** enum tcp_conntrack (include/uapi/linux/netfilter/nf_conntrack_tcp.h). */
export const TRACKED_TIME_WAIT = 7;

export interface TrackedEntry {
  /** Of a TCP connection, see `TRACKED_TIME_WAIT`; null for any other. */
  tcpState: number | null;
  /** Until the entry goes; null when the kernel does not say. */
  leftSec: number | null;
}

/** Asks for all entries, of every family and protocol. */
export function encodeEntriesRequest(sequence: number): Buffer {
  const message = Buffer.alloc(HEADER_BYTES + GENERIC_BYTES);
  writeDumpHeader(message, GET_ENTRIES, sequence);
  return message;
}

/** What to feed the datagrams of the reply to, see `DumpReply`. */
export function entriesReply(sequence: number, onEntry: (entry: TrackedEntry) => void): DumpReply {
  return new DumpReply(sequence, ENTRY, (datagram, start, end) => {
    const all = { from: start + GENERIC_BYTES, to: end };
    const timeout = attribute(datagram, all, TIMEOUT);
    const protoinfo = attribute(datagram, all, PROTOINFO);
    const tcp = protoinfo && attribute(datagram, protoinfo, PROTOINFO_TCP);
    const state = tcp && attribute(datagram, tcp, PROTOINFO_TCP_STATE);
    onEntry({
      tcpState: state && state.to > state.from ? datagram[state.from]! : null,
      leftSec: timeout && timeout.to - timeout.from >= 4 ? datagram.readUInt32BE(timeout.from) : null,
    });
  });
}

interface Span {
  from: number;
  to: number;
}

/** The payload of the first attribute of that type; null when there is none. */
function attribute(bytes: Buffer, { from, to }: Span, type: number): Span | null {
  for (let at = from; at + ATTRIBUTE_BYTES <= to;) {
    const length = uint16(bytes, at);
    if (length < ATTRIBUTE_BYTES || at + length > to)
      throw new DamagedReplyError(`an attribute claims ${length} of the ${to - at} bytes that are left`);
    if ((uint16(bytes, at + 2) & TYPE_MASK) === type) return { from: at + ATTRIBUTE_BYTES, to: at + length };
    at += (length + 3) & ~3;
  }
  return null;
}
