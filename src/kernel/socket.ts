import { libc, LibcUnavailableError } from "./libc.js";
import type { Address } from "./memory.js";

/**
 * TCP sockets as the C library offers them: one system call each, nothing in between. A call that fails returns -1, and
 * `libc().errno()` says why.
 */
export interface SocketCalls {
  socket(domain: number, type: number, protocol: number): number;
  bind(fd: number, address: Address, bytes: number): number;
  connect(fd: number, address: Address, bytes: number): number;
  /** `bytes`: the address of a number of 32 bits, which has to hold how many bytes there is room for. */
  getsockname(fd: number, address: Address, bytes: Address): number;
  send(fd: number, bytes: Address, length: number, flags: number): number;
  recv(fd: number, bytes: Address, length: number, flags: number): number;
  shutdown(fd: number, how: number): number;
  /** The kernel takes the socket out of every epoll set by itself. */
  close(fd: number): number;
  setsockopt(fd: number, level: number, name: number, value: Address, bytes: number): number;
  /** `bytes`: as of getsockname(). */
  getsockopt(fd: number, level: number, name: number, value: Address, bytes: Address): number;
}

/** Numbers of Linux on x64 and arm64 (include/linux/net.h, include/uapi/asm-generic/socket.h). */
export const SOCK_STREAM = 1;
export const SOCK_NONBLOCK = 0o4000;
export const SOCK_CLOEXEC = 0o2_000_000;
export const SHUT = { read: 0, write: 1, both: 2 } as const;
/** A write on a connection that has been reset is an errno, not a signal that ends the process. */
export const MSG_NOSIGNAL = 0x4000;

let declared: SocketCalls | null = null;

/** @throws LibcUnavailableError, also on a platform whose numbers are not those here */
export function socketCalls(): SocketCalls {
  declared ??= declare();
  return declared;
}

/** @throws LibcUnavailableError */
export function requireLinux({ platform, arch }: Pick<NodeJS.Process, "platform" | "arch"> = process): void {
  if (platform === "linux" && (arch === "x64" || arch === "arm64")) return;
  throw new LibcUnavailableError(`system calls are known for Linux on x64 and arm64, and this is ${platform} ${arch}`);
}

/** Lengths are `int` here: what is longer than 2 GB is not sent at once. */
function declare(): SocketCalls {
  requireLinux();
  const { func } = libc();
  return {
    socket: func("int socket(int domain, int type, int protocol)") as SocketCalls["socket"],
    bind: func("int bind(int fd, intptr_t address, int bytes)") as SocketCalls["bind"],
    connect: func("int connect(int fd, intptr_t address, int bytes)") as SocketCalls["connect"],
    getsockname: func("int getsockname(int fd, intptr_t address, intptr_t bytes)") as SocketCalls["getsockname"],
    send: func("int send(int fd, intptr_t bytes, intptr_t length, int flags)") as SocketCalls["send"],
    recv: func("int recv(int fd, intptr_t bytes, intptr_t length, int flags)") as SocketCalls["recv"],
    shutdown: func("int shutdown(int fd, int how)") as SocketCalls["shutdown"],
    close: func("int close(int fd)") as SocketCalls["close"],
    setsockopt: func(
      "int setsockopt(int fd, int level, int name, intptr_t value, int bytes)",
    ) as SocketCalls["setsockopt"],
    getsockopt: func(
      "int getsockopt(int fd, int level, int name, intptr_t value, intptr_t bytes)",
    ) as SocketCalls["getsockopt"],
  };
}
