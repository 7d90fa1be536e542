import { addressKey, type AddressKey } from "./address-key.js";
import { DamagedReplyError, DumpReply, HEADER_BYTES, uint32, writeDumpHeader } from "./netlink.js";

/**
 * TCP sockets by netlink (include/uapi/linux/inet_diag.h, net/ipv4/inet_diag.c): requests written, replies read,
 * without system calls. Headers are in the machine's byte order, of which every machine that we run on has the little
 * one; ports and addresses are in the network's.
 */

export const AF_INET = 2;
export const AF_INET6 = 10;
export type Family = typeof AF_INET | typeof AF_INET6;

const SOCK_DIAG_BY_FAMILY = 20;
/** The request of before Linux 3.3, which asks for both families at once (inet_diag_dump_compat). */
const TCPDIAG_GETSOCK = 18;
const IPPROTO_TCP = 6;
/** struct inet_diag_req_v2 */
const REQUEST_BYTES = 56;
/** struct inet_diag_req, and where in it the states stand */
const OLD_REQUEST_BYTES = 60;
const OLD_STATES_AT = 52;
/** struct inet_diag_msg */
const SOCKET_BYTES = 72;
const REQ_BYTECODE = 1;
const BC_JMP = 1;
const BC_S_GE = 2;
const BC_S_LE = 3;
const BC_D_GE = 4;
const BC_D_LE = 5;
/** struct inet_diag_bc_op */
const OPERATION_BYTES = 4;
/** Two comparisons with a port each, and a jump. */
const CONDITION_BYTES = 20;

/** include/net/tcp_states.h: TCP_ESTABLISHED is 1, TCP_CLOSING 11. */
const FIRST_STATE = 1;
const LAST_STATE = 11;
/** Bits of all the states that a socket table has. SYN_RECV's stands for request sockets too. */
export const ALL_STATES = 0xffe;

export interface SocketsRequest {
  /** A dump has sockets of one family. Connections of IPv4 that an IPv6 socket has accepted are of IPv6, and only there. */
  family: Family;
  /** Bits `1 << state`. */
  states: number;
  /** Only sockets with one of these ports at either end; empty for all. The kernel filters. */
  ports: readonly number[];
}

export function encodeRequest({ family, states, ports }: SocketsRequest, sequence: number): Buffer {
  const filter = ports.length === 0 ? Buffer.alloc(0) : portFilter(ports);
  const attributeBytes = filter.length === 0 ? 0 : 4 + filter.length;
  const message = Buffer.alloc(HEADER_BYTES + REQUEST_BYTES + attributeBytes);
  writeDumpHeader(message, SOCK_DIAG_BY_FAMILY, sequence);
  message.writeUInt8(family, HEADER_BYTES);
  message.writeUInt8(IPPROTO_TCP, HEADER_BYTES + 1);
  message.writeUInt32LE(states, HEADER_BYTES + 4);
  if (filter.length > 0) {
    const attribute = HEADER_BYTES + REQUEST_BYTES;
    message.writeUInt16LE(attributeBytes, attribute);
    message.writeUInt16LE(REQ_BYTECODE, attribute + 2);
    filter.copy(message, attribute + 4);
  }
  return message;
}

/**
 * Both families in one walk over the table, without a filter of ports. The first sockets of a reply are no sample of the
 * others: it goes by the buckets of the hash table, where sockets may lie in the order of their ports (seen on 6.18).
 */
export function encodeRequestForAll(states: number, sequence: number): Buffer {
  const message = Buffer.alloc(HEADER_BYTES + OLD_REQUEST_BYTES);
  writeDumpHeader(message, TCPDIAG_GETSOCK, sequence);
  message.writeUInt32LE(states, HEADER_BYTES + OLD_STATES_AT);
  return message;
}

/**
 * `local port = P or remote port = P or …` for the filter's machine (inet_diag_bc_run), each equality written as ≥ and ≤,
 * since older kernels than 5.9 do not have it. A condition that holds leads to the jump behind it, and that to the end,
 * which accepts; one that does not leads over the jump to the next condition, and after the last beyond the end, which
 * refuses.
 */
function portFilter(ports: readonly number[]): Buffer {
  const conditions = ports.flatMap((port) => [
    { atLeast: BC_S_GE, atMost: BC_S_LE, port },
    { atLeast: BC_D_GE, atMost: BC_D_LE, port },
  ]);
  const code = Buffer.alloc(conditions.length * CONDITION_BYTES - OPERATION_BYTES);
  const put = (at: number, operation: { code: number; yes: number; no: number }): void => {
    code.writeUInt8(operation.code, at);
    code.writeUInt8(operation.yes, at + 1);
    code.writeUInt16LE(operation.no, at + 2);
  };
  for (const [index, { atLeast, atMost, port }] of conditions.entries()) {
    const at = index * CONDITION_BYTES;
    // The port that a comparison compares with stands in the next operation's place.
    put(at, { code: atLeast, yes: 8, no: CONDITION_BYTES });
    put(at + 4, { code: 0, yes: 0, no: port });
    put(at + 8, { code: atMost, yes: 8, no: CONDITION_BYTES - 8 });
    put(at + 12, { code: 0, yes: 0, no: port });
    const jump = at + 16;
    if (jump < code.length) put(jump, { code: BC_JMP, yes: OPERATION_BYTES, no: code.length - jump });
  }
  return code;
}

/** One socket of a reply. The same object stands for each in turn: it is good until the callback returns. */
export class DiagSocket {
  #bytes: Buffer = Buffer.alloc(SOCKET_BYTES);
  #at = 0;

  /** @throws DamagedReplyError when there is no TCP socket of one of these families */
  moveTo(bytes: Buffer, at: number, end: number, families: readonly Family[]): void {
    if (end - at < SOCKET_BYTES) throw new DamagedReplyError(`${end - at} bytes are too few for a socket`);
    if (!families.includes(bytes[at] as Family))
      throw new DamagedReplyError(`a socket of family ${bytes[at]} was not asked for`);
    const state = bytes[at + 1]!;
    if (state < FIRST_STATE || state > LAST_STATE)
      throw new DamagedReplyError(`there is no state ${state} for a TCP socket`);
    this.#bytes = bytes;
    this.#at = at;
  }

  get family(): Family {
    return this.#bytes[this.#at] as Family;
  }
  /** 1 (ESTABLISHED) to 11 (CLOSING), see include/net/tcp_states.h. */
  get state(): number {
    return this.#bytes[this.#at + 1]!;
  }
  /**
   * 0 none, 1 retransmission, 2 keep-alive and others of the socket's own, 4 window probe. 3 is TIME_WAIT's, and that of
   * what is left of a socket in FIN_WAIT2 whose program has closed it.
   */
  get timer(): number {
    return this.#bytes[this.#at + 2]!;
  }
  /** Until the timer expires; 0 without one. */
  get expiresMs(): number {
    return uint32(this.#bytes, this.#at + 52);
  }
  /** Of a listener, connections that wait to be accepted; else bytes that wait to be read. */
  get receiveQueue(): number {
    return uint32(this.#bytes, this.#at + 56);
  }
  /** Of a listener, how many may wait; else bytes that are not acknowledged yet. */
  get sendQueue(): number {
    return uint32(this.#bytes, this.#at + 60);
  }
  /** By which /proc/PID/fd tells whose it is; 0 for one that no program has (any more). */
  get inode(): number {
    return uint32(this.#bytes, this.#at + 68);
  }
  get localPort(): number {
    return (this.#bytes[this.#at + 4]! << 8) | this.#bytes[this.#at + 5]!;
  }
  get remotePort(): number {
    return (this.#bytes[this.#at + 6]! << 8) | this.#bytes[this.#at + 7]!;
  }
  /** 4 bytes for IPv4, 16 for IPv6. */
  get localAddress(): Buffer {
    return this.#address(8);
  }
  get remoteAddress(): Buffer {
    return this.#address(24);
  }

  /** The same as numbers, of which none has to be made for each socket. */
  get localKey(): AddressKey {
    return addressKey(this.#bytes, this.#at + 8, this.family === AF_INET ? "ipv4" : "ipv6");
  }
  get remoteKey(): AddressKey {
    return addressKey(this.#bytes, this.#at + 24, this.family === AF_INET ? "ipv4" : "ipv6");
  }

  #address(offset: number): Buffer {
    const start = this.#at + offset;
    return Buffer.from(this.#bytes.subarray(start, start + (this.#bytes[this.#at] === AF_INET ? 4 : 16)));
  }
}

/** What to feed the datagrams of the reply to, see `DumpReply`. */
export function socketsReply(family: Family, sequence: number, onSocket: (socket: DiagSocket) => void): DumpReply {
  return reply(SOCK_DIAG_BY_FAMILY, [family], sequence, onSocket);
}

/** The same for the reply to `encodeRequestForAll`. */
export function allSocketsReply(sequence: number, onSocket: (socket: DiagSocket) => void): DumpReply {
  return reply(TCPDIAG_GETSOCK, [AF_INET, AF_INET6], sequence, onSocket);
}

function reply(
  type: number,
  families: readonly Family[],
  sequence: number,
  onSocket: (socket: DiagSocket) => void,
): DumpReply {
  const socket = new DiagSocket();
  return new DumpReply(sequence, type, (datagram, start, end) => {
    socket.moveTo(datagram, start, end, families);
    onSocket(socket);
  });
}
