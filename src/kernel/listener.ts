import { libc } from "./libc.js";
import type { Address } from "./memory.js";
import { socketAddress } from "./socket-address.js";
import { reuseAddress, setOption } from "./socket-option.js";
import { SOCK_CLOEXEC, SOCK_NONBLOCK, SOCK_STREAM, socketCalls } from "./socket.js";

interface ListenerCalls {
  listen(fd: number, backlog: number): number;
  accept4(fd: number, address: Address, bytes: Address, flags: number): number;
}

const NOWHERE = 0 as Address;
let declared: ListenerCalls | null = null;

function listenerCalls(): ListenerCalls {
  declared ??= {
    listen: libc().func("int listen(int fd, int backlog)") as ListenerCalls["listen"],
    accept4: libc().func(
      "int accept4(int fd, intptr_t address, intptr_t bytes, int flags)",
    ) as ListenerCalls["accept4"],
  };
  return declared;
}

/**
 * A socket that listens and never blocks.
 * @throws Error whose `code` is the errno; LibcUnavailableError
 */
export function listenOn(host: string, port: number, backlog: number): number {
  const address = socketAddress(host, port);
  if (address === null) throw new Error(`${host} is no IP address`);
  const calls = socketCalls();
  const fd = calls.socket(address.family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  const failed =
    fd < 0 ||
    setOption(fd, reuseAddress()) < 0 ||
    calls.bind(fd, address.memory.address, address.memory.length) < 0 ||
    listen(fd, backlog) < 0;
  if (!failed) return fd;
  const code = libc().nameOfErrno(libc().errno());
  if (fd >= 0) calls.close(fd);
  throw Object.assign(new Error(`listen ${code} ${host}:${port}`), { code });
}

/** -1 when it failed. The kernel makes a backlog above net.core.somaxconn as small as that. */
export function listen(fd: number, backlog: number): number {
  return listenerCalls().listen(fd, backlog);
}

/** The next connection that waits, never blocking either; -1 for none, or an error. */
export function accept(fd: number): number {
  return listenerCalls().accept4(fd, NOWHERE, NOWHERE, SOCK_NONBLOCK | SOCK_CLOEXEC);
}

/** The next connection, as a socket that blocks: a new one never takes O_NONBLOCK from the one that listens. */
export function acceptBlocking(fd: number): number {
  return listenerCalls().accept4(fd, NOWHERE, NOWHERE, SOCK_CLOEXEC);
}
