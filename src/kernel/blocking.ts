import { libc } from "./libc.js";
import { requireLinux } from "./socket.js";

const F_GETFL = 3;
const F_SETFL = 4;
const O_NONBLOCK = 0o4000;

/** Declared with its third argument, which the C library takes as one of `...`: they are passed in the same way here. */
type Fcntl = (fd: number, command: number, flags: number) => number;
let fcntl: Fcntl | null = null;

/** Sets or clears O_NONBLOCK. -1 when it failed. @throws LibcUnavailableError */
export function setBlocking(fd: number, blocking: boolean): number {
  fcntl ??= declare();
  const flags = fcntl(fd, F_GETFL, 0);
  if (flags < 0) return -1;
  return fcntl(fd, F_SETFL, blocking ? flags & ~O_NONBLOCK : flags | O_NONBLOCK);
}

function declare(): Fcntl {
  requireLinux();
  return libc().func("int fcntl(int fd, int command, int flags)") as Fcntl;
}
