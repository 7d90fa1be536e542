/**
 * Netlink's framing (include/uapi/linux/netlink.h), without system calls: a request goes out in one message, the reply
 * to a dump comes as datagrams of several messages each, up to one that says it is done.
 */

export const HEADER_BYTES = 16;

/** nlmsg_type. */
const NOOP = 1;
const ERROR = 2;
const DONE = 3;
/** nlmsg_flags. */
const REQUEST = 0x01;
const DUMP_INTERRUPTED = 0x10;
const DUMP = 0x300;

/** What a reply should not look like; nothing that was counted from it may be used. */
export class DamagedReplyError extends Error {
  override readonly name = "DamagedReplyError";
}

/** The kernel's answer is an errno, such as ENOENT where it was built without tcp_diag. */
export class RefusedError extends Error {
  override readonly name = "RefusedError";
  readonly errno: number;

  constructor(errno: number) {
    super(`the kernel answered a netlink request with errno ${errno}`);
    this.errno = errno;
  }
}

/** Writes the header of a request for a dump at the start of `message`, which is as long as the whole message. */
export function writeDumpHeader(message: Buffer, type: number, sequence: number): void {
  message.writeUInt32LE(message.length, 0);
  message.writeUInt16LE(type, 4);
  message.writeUInt16LE(REQUEST | DUMP, 6);
  message.writeUInt32LE(sequence, 8);
}

/** Takes the reply to one dump apart, datagram by datagram. */
export class DumpReply {
  readonly #sequence: number;
  readonly #type: number;
  readonly #onPayload: (datagram: Buffer, start: number, end: number) => void;
  #done = false;

  /**
   * @param type of the messages that carry a payload
   * @param onPayload gets the datagram and where in it the payload lies. May throw a DamagedReplyError
   */
  constructor(sequence: number, type: number, onPayload: (datagram: Buffer, start: number, end: number) => void) {
    this.#sequence = sequence;
    this.#type = type;
    this.#onPayload = onPayload;
  }

  /** true once the kernel has said that there is no more. */
  get done(): boolean {
    return this.#done;
  }

  /** @throws DamagedReplyError, RefusedError */
  push(datagram: Buffer): void {
    if (datagram.length === 0) throw new DamagedReplyError("a datagram is empty");
    for (let at = 0; at < datagram.length;) at = this.#message(datagram, at);
  }

  /** @returns where the next message starts */
  #message(datagram: Buffer, at: number): number {
    if (this.#done) throw new DamagedReplyError("the reply goes on after its end");
    if (datagram.length - at < HEADER_BYTES) throw new DamagedReplyError("a datagram ends inside a message's header");
    const length = uint32(datagram, at);
    const end = at + length;
    if (length < HEADER_BYTES || end > datagram.length)
      throw new DamagedReplyError(`a message claims ${length} of the ${datagram.length - at} bytes that are left`);
    if (uint32(datagram, at + 8) !== this.#sequence) throw new DamagedReplyError("a message answers another request");
    const type = uint16(datagram, at + 4);
    if (type === this.#type) {
      if ((uint16(datagram, at + 6) & DUMP_INTERRUPTED) !== 0)
        throw new DamagedReplyError("the kernel says that what it dumped changed under its hands");
      this.#onPayload(datagram, at + HEADER_BYTES, end);
    } else if (type === ERROR || type === DONE) {
      if (length < HEADER_BYTES + 4) throw new DamagedReplyError("a message about the end does not say how it ended");
      const status = uint32(datagram, at + HEADER_BYTES) | 0;
      if (status < 0) throw new RefusedError(-status);
      // An error of zero is an acknowledgement, and none was asked for.
      if (type === ERROR) throw new DamagedReplyError("an acknowledgement that was not asked for");
      this.#done = true;
    } else if (type !== NOOP) {
      throw new DamagedReplyError(`a message is of the unexpected type ${type}`);
    }
    return aligned(end, datagram.length);
  }
}

/** NLMSG_ALIGN; the last message of a datagram need not be filled up. */
function aligned(end: number, limit: number): number {
  return Math.min((end + 3) & ~3, limit);
}

/** Five times as fast as Buffer's own, which check again what has been checked; it counts at a million sockets a reading. */
export function uint32(bytes: Buffer, at: number): number {
  return (bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24)) >>> 0;
}

export function uint16(bytes: Buffer, at: number): number {
  return bytes[at]! | (bytes[at + 1]! << 8);
}
