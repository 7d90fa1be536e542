import { libc } from "./libc.js";

/** Where bytes lie, for a system call that reads or writes them there. */
export type Address = number & { readonly of: "Memory" };

/**
 * Bytes that stay where they are, with their address. To hand a call an address instead of a Buffer saves a third of
 * what the call costs before it reaches the kernel. As long as an address is in use, its Memory has to be kept.
 */
export class Memory {
  readonly bytes: Buffer;
  readonly length: number;
  readonly address: Address;

  /** @throws LibcUnavailableError */
  constructor(bytes: Buffer) {
    this.bytes = bytes;
    this.length = bytes.length;
    this.address = libc().addressOf(bytes) as Address;
  }

  /** Filled with zeros. */
  static ofLength(length: number): Memory {
    return new Memory(Buffer.alloc(length));
  }

  /** Numbers of 32 bits in the machine's order, as options of sockets are. */
  static ofInts(...values: number[]): Memory {
    return new Memory(Buffer.from(Int32Array.from(values).buffer));
  }

  /** The same bytes as numbers of 32 bits in the machine's order. */
  words(): Uint32Array {
    return new Uint32Array(this.bytes.buffer, this.bytes.byteOffset, this.length / 4);
  }
}
