import { addressBytes } from "./ip-address.js";
import { Memory } from "./memory.js";
import { AF_INET, AF_INET6 } from "./socket-address.js";
import { socketCalls } from "./socket.js";

const SOL_SOCKET = 1;
const SO_ATTACH_FILTER = 26;
const IPPROTO_TCP = 6;

/** Classic BPF (include/uapi/linux/bpf_common.h), for packets that begin with the header of IPv4 or IPv6. */
const LOAD_32 = 0x20;
const LOAD_8 = 0x30;
const HEADER_LENGTH_TO_X = 0xb1;
const NUMBER_TO_X = 0x01;
const LOAD_16_AT_X = 0x48;
const JUMP_IF_EQUAL = 0x15;
const JUMP_IF_AT_LEAST = 0x35;
const JUMP_IF_ABOVE = 0x25;
const RETURN = 0x06;
/** Where each header has what is asked for, and how X comes to its length (RFC 791, section 3.1; RFC 8200, section 3). */
const HEADERS = {
  [AF_INET]: { protocolAt: 9, sourceAt: 12, destinationAt: 16, lengthToX: [HEADER_LENGTH_TO_X, 0, 0, 0] },
  [AF_INET6]: { protocolAt: 6, sourceAt: 8, destinationAt: 24, lengthToX: [NUMBER_TO_X, 0, 0, 40] },
} as const;
const INSTRUCTION_BYTES = 8;
/** struct sock_fprog: how many, then where. */
const PROGRAM_BYTES = 16;

/** Which TCP segments a socket is to get. */
export interface SegmentFilter {
  family: typeof AF_INET | typeof AF_INET6;
  /** null: of any. */
  source: { address: string; port: number } | null;
  /** The ports both included; an address of null: to any. */
  destination: { address: string | null; ports: { low: number; high: number } };
  /** So much of each, with its header of IPv4 or IPv6. */
  keptBytes: number;
}

/** A jump to the last instruction, where it ends with nothing, is written as this and counted later. */
const TO_END = -1;

/** From now on the socket gets nothing else. -1 when it failed. */
export function filterSegments(fd: number, { family, source, destination, keptBytes }: SegmentFilter): number {
  const { protocolAt, sourceAt, destinationAt, lengthToX } = HEADERS[family];
  const { address, ports } = destination;
  const conditions: (readonly [operation: number, ifTrue: number, ifFalse: number, value: number])[] = [
    [LOAD_8, 0, 0, protocolAt],
    [JUMP_IF_EQUAL, 0, TO_END, IPPROTO_TCP],
    ...(source === null ? [] : addressIs(sourceAt, source.address)),
    ...(address === null ? [] : addressIs(destinationAt, address)),
    lengthToX,
    ...(source === null
      ? []
      : ([
          [LOAD_16_AT_X, 0, 0, 0],
          [JUMP_IF_EQUAL, 0, TO_END, source.port],
        ] as const)),
    [LOAD_16_AT_X, 0, 0, 2],
    [JUMP_IF_AT_LEAST, 0, TO_END, ports.low],
    [JUMP_IF_ABOVE, TO_END, 0, ports.high],
    [RETURN, 0, 0, keptBytes],
    [RETURN, 0, 0, 0],
  ];
  // Jumps count instructions from the next one on.
  const instructions = conditions.map(([operation, ifTrue, ifFalse, value], at) => {
    const jump = (to: number): number => (to === TO_END ? conditions.length - 2 - at : to);
    return [operation, jump(ifTrue), jump(ifFalse), value] as const;
  });
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

function addressIs(at: number, address: string) {
  const bytes = addressBytes(address);
  const words = Array.from({ length: bytes.length / 4 }, (_, word) => 4 * word);
  return words.flatMap(
    (word) =>
      [
        [LOAD_32, 0, 0, at + word],
        [JUMP_IF_EQUAL, 0, TO_END, bytes.readUInt32BE(word)],
      ] as const,
  );
}
