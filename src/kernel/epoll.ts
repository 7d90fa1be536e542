import { libc } from "./libc.js";
import { requireLinux } from "./socket.js";

/** include/uapi/linux/eventpoll.h */
export const EPOLLIN = 0x1;
export const EPOLLOUT = 0x4;
export const EPOLLERR = 0x8;
export const EPOLLHUP = 0x10;
/** The peer's FIN has come. */
export const EPOLLRDHUP = 0x2000;
/** Once for each change, instead of again and again while it lasts. */
export const EPOLLET = 0x8000_0000;

const EPOLL_CLOEXEC = 0o2_000_000;
const EPOLL_CTL_ADD = 1;
/** struct epoll_event is packed on x64 only: 32 bits of events, then 64 of the caller's, here a number of 32 bits. */
const PACKED = process.arch === "x64";
const STRIDE = PACKED ? 3 : 4;
const TAG = PACKED ? 1 : 2;

interface Calls {
  create(flags: number): number;
  control(epfd: number, operation: number, fd: number, event: Uint32Array): number;
  wait(epfd: number, events: Uint32Array, maxEvents: number, timeoutMs: number): number;
  close(fd: number): number;
}

let declared: Calls | null = null;

/** A set of sockets to wait for, each known by a number that the caller gives it. */
export class Epoll {
  readonly #calls: Calls;
  readonly #fd: number;
  readonly #maxEvents: number;
  readonly #events: Uint32Array;
  readonly #added = new Uint32Array(STRIDE);

  /** @throws LibcUnavailableError; Error when the kernel has no room for it */
  static open(maxEvents: number): Epoll {
    declared ??= declare();
    const fd = declared.create(EPOLL_CLOEXEC);
    if (fd < 0) throw failed("epoll_create1");
    return new Epoll(declared, fd, maxEvents);
  }

  private constructor(calls: Calls, fd: number, maxEvents: number) {
    this.#calls = calls;
    this.#fd = fd;
    this.#maxEvents = maxEvents;
    this.#events = new Uint32Array(STRIDE * maxEvents);
  }

  /** What the socket is ready for already counts as an event. -1 when it failed. */
  add(fd: number, events: number, tag: number): number {
    this.#added[0] = events;
    this.#added[TAG] = tag;
    return this.#calls.control(this.#fd, EPOLL_CTL_ADD, fd, this.#added);
  }

  /** Blocks this thread, and returns how many events there are. @throws Error for a fault of the caller */
  wait(timeoutMs: number): number {
    const count = this.#calls.wait(this.#fd, this.#events, this.#maxEvents, timeoutMs);
    if (count >= 0) return count;
    // A debugger or a signal to the process: nothing has happened.
    if (libc().errno() === libc().errnoOf["EINTR"]) return 0;
    throw failed("epoll_wait");
  }

  /** Of the events of the last wait: the bits. */
  eventsAt(index: number): number {
    return this.#events[index * STRIDE] as number;
  }

  /** Of the events of the last wait: whose. */
  tagAt(index: number): number {
    return this.#events[index * STRIDE + TAG] as number;
  }

  close(): void {
    this.#calls.close(this.#fd);
  }
}

function declare(): Calls {
  requireLinux();
  const library = libc();
  return {
    create: library.func("int epoll_create1(int flags)") as Calls["create"],
    control: library.func("int epoll_ctl(int epfd, int op, int fd, void *event)") as Calls["control"],
    wait: library.func("int epoll_wait(int epfd, void *events, int max, int timeout)") as Calls["wait"],
    close: library.func("int close(int fd)") as Calls["close"],
  };
}

function failed(call: string): Error {
  return new Error(`${call} failed with ${libc().nameOfErrno(libc().errno())}`);
}
