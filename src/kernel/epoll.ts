import { libc, type Libc } from "./libc.js";
import { type Address, Memory } from "./memory.js";
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
const EPOLL_CTL_MOD = 3;
/** struct epoll_event is packed on x64 only: 32 bits of events, then 64 of the caller's, here a number of 32 bits. */
const PACKED = process.arch === "x64";
const STRIDE = PACKED ? 3 : 4;
const TAG = PACKED ? 1 : 2;

/** Two numbers of 64 bits, little end first. */
const TIMESPEC_BYTES = 16;
const NANOSECONDS = 2;

interface Calls {
  create(flags: number): number;
  control(epfd: number, operation: number, fd: number, event: Address): number;
  wait(epfd: number, events: Address, maxEvents: number, timeoutMs: number): number;
  /** Since Linux 5.11; null where the C library has no name for it. */
  waitExactly: ((epfd: number, events: Address, maxEvents: number, timeout: Address, mask: number) => number) | null;
  close(fd: number): number;
}

let declared: Calls | null = null;

/** A set of sockets to wait for, each known by a number that the caller gives it. */
export class Epoll {
  readonly #calls: Calls;
  readonly #fd: number;
  readonly #maxEvents: number;
  readonly #events: Memory;
  readonly #eventWords: Uint32Array;
  readonly #added = Memory.ofLength(4 * STRIDE);
  readonly #addedWords = this.#added.words();
  readonly #timeout = Memory.ofLength(TIMESPEC_BYTES);
  readonly #timeoutWords = this.#timeout.words();

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
    this.#events = Memory.ofLength(4 * STRIDE * maxEvents);
    this.#eventWords = this.#events.words();
  }

  /** What the socket is ready for already counts as an event. -1 when it failed. */
  add(fd: number, events: number, tag: number): number {
    return this.#control(EPOLL_CTL_ADD, fd, events, tag);
  }

  /** As if the socket were added anew: with edges, too, what it is still ready for is an event once more. */
  renew(fd: number, events: number, tag: number): number {
    return this.#control(EPOLL_CTL_MOD, fd, events, tag);
  }

  /**
   * Blocks this thread, and returns how many events there are. Fractions of a millisecond count where the kernel knows
   * them; elsewhere they are added up to a whole one. @throws Error for a fault of the caller
   */
  wait(timeoutMs: number): number {
    const { waitExactly } = this.#calls;
    const count =
      waitExactly === null || Number.isInteger(timeoutMs)
        ? this.#calls.wait(this.#fd, this.#events.address, this.#maxEvents, Math.ceil(timeoutMs))
        : waitExactly(this.#fd, this.#events.address, this.#maxEvents, this.#timespec(timeoutMs), 0);
    if (count >= 0) return count;
    if (waitExactly !== null && libc().errno() === libc().errnoOf["ENOSYS"]) {
      this.#calls.waitExactly = null;
      return 0;
    }
    // A debugger or a signal to the process: nothing has happened.
    if (libc().errno() === libc().errnoOf["EINTR"]) return 0;
    throw failed("epoll_wait");
  }

  /** Of the events of the last wait: the bits. */
  eventsAt(index: number): number {
    return this.#eventWords[index * STRIDE] as number;
  }

  /** Of the events of the last wait: whose. */
  tagAt(index: number): number {
    return this.#eventWords[index * STRIDE + TAG] as number;
  }

  close(): void {
    this.#calls.close(this.#fd);
  }

  #control(operation: number, fd: number, events: number, tag: number): number {
    this.#addedWords[0] = events;
    this.#addedWords[TAG] = tag;
    return this.#calls.control(this.#fd, operation, fd, this.#added.address);
  }

  #timespec(timeoutMs: number): Address {
    const seconds = Math.floor(timeoutMs / 1000);
    this.#timeoutWords[0] = seconds;
    this.#timeoutWords[NANOSECONDS] = Math.round((timeoutMs - seconds * 1000) * 1e6);
    return this.#timeout.address;
  }
}

function declare(): Calls {
  requireLinux();
  const library = libc();
  return {
    create: library.func("int epoll_create1(int flags)") as Calls["create"],
    control: library.func("int epoll_ctl(int epfd, int op, int fd, intptr_t event)") as Calls["control"],
    wait: library.func("int epoll_wait(int epfd, intptr_t events, int max, int timeout)") as Calls["wait"],
    waitExactly: declareWaitExactly(library),
    close: library.func("int close(int fd)") as Calls["close"],
  };
}

function declareWaitExactly(library: Libc): Calls["waitExactly"] {
  try {
    return library.func(
      "int epoll_pwait2(int epfd, intptr_t events, int max, intptr_t timeout, intptr_t mask)",
    ) as Calls["waitExactly"];
  } catch {
    return null;
  }
}

function failed(call: string): Error {
  return new Error(`${call} failed with ${libc().nameOfErrno(libc().errno())}`);
}
