import { endianness } from "node:os";
import { libc, type Libc } from "./libc.js";

const AF_NETLINK = 16;
const SOCK_RAW = 3;
const SOCK_CLOEXEC = 0o2_000_000;
export const NETLINK_SOCK_DIAG = 4;
const MSG_TRUNC = 0x20;
const MSG_DONTWAIT = 0x40;

/** The kernel fills no more than this at a time (net/netlink/af_netlink.c, netlink_recvmsg). */
const DATAGRAM_BYTES = 32_768;

/** A system call that failed, or a kernel or machine without netlink as we know it. */
export class NetlinkError extends Error {
  override readonly name = "NetlinkError";
}

interface Calls {
  socket(domain: number, type: number, protocol: number): number;
  send(fd: number, bytes: Buffer, length: number, flags: number): number;
  recv(fd: number, bytes: Buffer, length: number, flags: number): number;
  close(fd: number): number;
}

let declared: Calls | null = null;

/** A socket to the kernel, of the network namespace in which this process was when it was opened. */
export class NetlinkSocket {
  readonly #libc: Libc;
  readonly #calls: Calls;
  readonly #fd: number;
  readonly #buffer = Buffer.allocUnsafeSlow(DATAGRAM_BYTES);

  /** @throws NetlinkError; LibcUnavailableError */
  static open(protocol: number): NetlinkSocket {
    if (endianness() !== "LE") throw new NetlinkError("netlink messages are written for little-endian machines only");
    const library = libc();
    declared ??= declare(library);
    const fd = declared.socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, protocol);
    if (fd < 0) throw failed("socket", library);
    return new NetlinkSocket(library, declared, fd);
  }

  private constructor(library: Libc, calls: Calls, fd: number) {
    this.#libc = library;
    this.#calls = calls;
    this.#fd = fd;
  }

  /** @throws NetlinkError */
  send(message: Buffer): void {
    if (this.#calls.send(this.#fd, message, message.length, 0) < 0) throw failed("send", this.#libc);
  }

  /**
   * The next datagram, of up to 32 KB; it is good until the next call. The kernel makes each when it is asked for: there
   * is no waiting, and a reply that is left half read costs nothing.
   * @throws NetlinkError, also when there is none
   */
  receive(): Buffer {
    const bytes = this.#calls.recv(this.#fd, this.#buffer, DATAGRAM_BYTES, MSG_DONTWAIT | MSG_TRUNC);
    if (bytes < 0) throw failed("recv", this.#libc);
    if (bytes > DATAGRAM_BYTES) throw new NetlinkError(`a netlink datagram of ${bytes} bytes was cut off`);
    return this.#buffer.subarray(0, bytes);
  }

  close(): void {
    this.#calls.close(this.#fd);
  }
}

function declare(library: Libc): Calls {
  return {
    socket: library.func("int socket(int domain, int type, int protocol)") as Calls["socket"],
    send: library.func("intptr_t send(int fd, const void *bytes, size_t length, int flags)") as Calls["send"],
    recv: library.func("intptr_t recv(int fd, void *bytes, size_t length, int flags)") as Calls["recv"],
    close: library.func("int close(int fd)") as Calls["close"],
  };
}

function failed(call: string, library: Libc): NetlinkError {
  return new NetlinkError(`netlink: ${call} failed with ${library.nameOfErrno(library.errno())}`);
}
