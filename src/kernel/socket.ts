import { libc, LibcUnavailableError } from "./libc.js";

/**
 * TCP sockets as the C library offers them: one system call each, nothing in between. A call that fails returns -1, and
 * `libc().errno()` says why. Bytes are read and written in place.
 */
export interface SocketCalls {
  socket(domain: number, type: number, protocol: number): number;
  bind(fd: number, address: Uint8Array, bytes: number): number;
  connect(fd: number, address: Uint8Array, bytes: number): number;
  send(fd: number, bytes: Uint8Array, length: number, flags: number): number;
  recv(fd: number, bytes: Uint8Array, length: number, flags: number): number;
  /** The kernel takes the socket out of every epoll set by itself. */
  close(fd: number): number;
  setsockopt(fd: number, level: number, name: number, value: Uint8Array, bytes: number): number;
  getsockopt(fd: number, level: number, name: number, value: Uint32Array, bytes: Uint32Array): number;
}

/** Numbers of Linux on x64 and arm64 (include/linux/net.h, include/uapi/asm-generic/socket.h). */
export const SOCK_STREAM = 1;
export const SOCK_NONBLOCK = 0o4000;
export const SOCK_CLOEXEC = 0o2_000_000;
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

function declare(): SocketCalls {
  requireLinux();
  const library = libc();
  const func = <Call>(prototype: string): Call => library.func(prototype) as Call;
  return {
    socket: func("int socket(int domain, int type, int protocol)"),
    bind: func("int bind(int fd, const void *address, uint32_t bytes)"),
    connect: func("int connect(int fd, const void *address, uint32_t bytes)"),
    send: func("intptr_t send(int fd, const void *bytes, size_t length, int flags)"),
    recv: func("intptr_t recv(int fd, void *bytes, size_t length, int flags)"),
    close: func("int close(int fd)"),
    setsockopt: func("int setsockopt(int fd, int level, int name, const void *value, uint32_t bytes)"),
    getsockopt: func("int getsockopt(int fd, int level, int name, void *value, void *bytes)"),
  };
}
