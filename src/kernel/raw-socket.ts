import { Memory } from "./memory.js";
import { AF_INET, type SocketAddress } from "./socket-address.js";
import { SOCK_CLOEXEC, SOCK_NONBLOCK, socketCalls } from "./socket.js";

const SOCK_RAW = 3;
const IPPROTO_TCP = 6;
/** It only sends, and what it sends brings its own IPv4 header (raw(7)). */
const IPPROTO_RAW = 255;
const SOL_SOCKET = 1;
const SO_ATTACH_FILTER = 26;

/** Classic BPF (include/uapi/linux/bpf_common.h), for packets that begin with their IPv4 header. */
const HEADER_LENGTH_TO_X = 0xb1;
const LOAD_16_AT_X = 0x48;
const JUMP_IF_EQUAL = 0x15;
const JUMP_IF_AT_LEAST = 0x35;
const JUMP_IF_ABOVE = 0x25;
const RETURN = 0x06;
/** Two headers with all their options: what a segment carries is not kept. */
const KEPT_BYTES = 120;
const INSTRUCTION_BYTES = 8;
/** struct sock_fprog: how many, then where. */
const PROGRAM_BYTES = 16;

/** The segments that a watch is to see. */
export interface SegmentFilter {
  sourcePort: number;
  /** Both included. */
  destinationPorts: { low: number; high: number };
}

/**
 * A socket, connected to the peer, that gets a copy of each TCP segment which the peer sends here; never blocks. -1 when
 * that failed: EPERM without CAP_NET_RAW in the network namespace.
 */
export function watchPeer(peer: SocketAddress): number {
  return connectedRaw(peer, IPPROTO_TCP);
}

/** A socket to send whole IPv4 packets to the peer with; the kernel fills in their length and checksum. -1: as above. */
export function packetSocket(peer: SocketAddress): number {
  return connectedRaw(peer, IPPROTO_RAW);
}

/** From now on other segments are not kept. -1 when it failed. */
export function filterSegments(fd: number, { sourcePort, destinationPorts: { low, high } }: SegmentFilter): number {
  // Jumps count instructions from the next one on; the last instruction is where it ends with nothing.
  const instructions = [
    [HEADER_LENGTH_TO_X, 0, 0, 0],
    [LOAD_16_AT_X, 0, 0, 0],
    [JUMP_IF_EQUAL, 0, 4, sourcePort],
    [LOAD_16_AT_X, 0, 0, 2],
    [JUMP_IF_AT_LEAST, 0, 2, low],
    [JUMP_IF_ABOVE, 1, 0, high],
    [RETURN, 0, 0, KEPT_BYTES],
    [RETURN, 0, 0, 0],
  ] as const;
  // In one piece, so that the code is kept for as long as the program that points to it.
  const program = Memory.ofLength(PROGRAM_BYTES + INSTRUCTION_BYTES * instructions.length);
  program.bytes.writeUInt16LE(instructions.length, 0);
  program.bytes.writeBigUInt64LE(BigInt(program.address + PROGRAM_BYTES), 8);
  for (const [index, [operation, ifTrue, ifFalse, value]] of instructions.entries()) {
    const at = PROGRAM_BYTES + INSTRUCTION_BYTES * index;
    program.bytes.writeUInt16LE(operation, at);
    program.bytes.writeUInt8(ifTrue, at + 2);
    program.bytes.writeUInt8(ifFalse, at + 3);
    program.bytes.writeUInt32LE(value, at + 4);
  }
  return socketCalls().setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, program.address, PROGRAM_BYTES);
}

function connectedRaw({ memory }: SocketAddress, protocol: number): number {
  const calls = socketCalls();
  const fd = calls.socket(AF_INET, SOCK_RAW | SOCK_NONBLOCK | SOCK_CLOEXEC, protocol);
  if (fd < 0) return -1;
  if (calls.connect(fd, memory.address, memory.length) >= 0) return fd;
  calls.close(fd);
  return -1;
}
