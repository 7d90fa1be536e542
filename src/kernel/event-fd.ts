import { libc } from "./libc.js";
import { Memory } from "./memory.js";

const EFD_CLOEXEC = 0o2_000_000;
const EFD_NONBLOCK = 0o4000;

/** A counter that one thread sets off, and that wakes another one which waits for its descriptor (eventfd(2)). */
export interface EventFd {
  fd: number;
  set(): void;
  clear(): void;
}

/** @param fd one that another thread has made. @throws LibcUnavailableError */
export function eventFd(fd?: number): EventFd {
  const { func } = libc();
  const own =
    fd ??
    (func("int eventfd(unsigned int value, int flags)") as (value: number, flags: number) => number)(
      0,
      EFD_CLOEXEC | EFD_NONBLOCK,
    );
  const write = func("long write(int fd, intptr_t bytes, size_t length)") as (
    fd: number,
    at: number,
    length: number,
  ) => number;
  const read = func("long read(int fd, intptr_t bytes, size_t length)") as (
    fd: number,
    at: number,
    length: number,
  ) => number;
  const one = new Memory(Buffer.from(BigUint64Array.of(1n).buffer));
  const taken = Memory.ofLength(8);
  return {
    fd: own,
    set: () => void write(own, one.address, one.length),
    clear: () => void read(own, taken.address, taken.length),
  };
}
