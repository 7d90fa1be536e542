import { setBlocking } from "../kernel/blocking.js";
import { monotonicMs } from "../kernel/clock.js";
import { Epoll, EPOLLET, EPOLLOUT } from "../kernel/epoll.js";
import { libc } from "../kernel/libc.js";
import type { SocketAddress } from "../kernel/socket-address.js";
import { pendingError } from "../kernel/socket-option.js";
import { socketCalls } from "../kernel/socket.js";
import type { ProbeStep } from "../scenario/phases/types.js";
import { addressOf, localAddress, special } from "./address.js";
import { bindTo, localPortOf, openSocket } from "./opening.js";
import { applyOptions } from "./options.js";
import { drop, type Held, type Sockets } from "./sockets.js";
import { ETIMEDOUT, Tally } from "./tally.js";
import type { Figures } from "./types.js";
import { Watch } from "./watch.js";

type ConnectStep = Extract<ProbeStep, { do: "connect" }>;

const EVENTS_AT_ONCE = 256;
/** Between two looks at those that are on their way: a look late by more connects would make each seem slower. */
const LOOK_EVERY = 32;

/**
 * All of them at once; sockets are non-blocking for as long as that takes.
 * @param watch null: nobody wants one; the errno where it could not be opened
 */
export function takeConnect(step: ConnectStep, sockets: Sockets, watch: Watch | number | null): Figures {
  const made = sockets.forNew(step.socket);
  const bound = made.splice(0);
  const tally = new Tally(step.timeoutMs);
  const course = new Course(made, tally, watch instanceof Watch ? watch : null);
  const destination = addressOf(step.to, step.port);
  for (let at = 0; at < step.count; at++) {
    if (typeof watch === "number") tally.failed(monotonicMs(), watch, "watch");
    else begin(step, at, bound.shift(), destination, course, tally);
    if (!step.pending && at % LOOK_EVERY === LOOK_EVERY - 1) course.look(0);
  }
  for (const unused of bound) drop(unused);
  const localPort = localPortOf(made);
  if (step.pending && course.waiting > 0) tally.errnoOtherwise = "EINPROGRESS";
  if (!step.pending) course.finish();
  const pending = course.waiting;
  course.close();
  return tally.figures({ localPort, failedCall: tally.failedCall, pending });
}

export function takeOutcome(step: Extract<ProbeStep, { do: "outcome" }>, sockets: Sockets): Figures {
  const named = sockets.of(step.socket);
  const begun = named.flatMap(({ pendingSinceMs }) => pendingSinceMs ?? []);
  const tally = new Tally(step.timeoutMs, begun.length === 0 ? undefined : Math.min(...begun));
  if (named.length === 0) tally.nothingThere();
  const course = new Course(named, tally, null);
  for (const socket of named) if (socket.pendingSinceMs !== null) course.follow(socket);
  course.finish();
  course.close();
  return tally.figures();
}

function begin(
  step: ConnectStep,
  at: number,
  bound: Held | undefined,
  { memory }: SocketAddress,
  course: Course,
  tally: Tally,
): void {
  const beganMs = monotonicMs();
  const socket = bound ?? openSocket(step, step.to);
  if (typeof socket === "number") return tally.failed(beganMs, socket, "socket");
  const fails = (call: string): void => {
    tally.failed(beganMs, libc().errno(), call);
    drop(socket);
  };
  socket.onlyBound = false;
  if (bound !== undefined && applyOptions(socket, step) < 0) return fails("setsockopt");
  if (binds(socket, step, at) < 0) return fails("bind");
  if (setBlocking(socket.fd, false) < 0) return fails("fcntl");
  const sinceMs = monotonicMs();
  if (socketCalls().connect(socket.fd, memory.address, memory.length) < 0) {
    if (libc().errno() !== libc().errnoOf["EINPROGRESS"]) return fails("connect");
    socket.pendingSinceMs = sinceMs;
    course.add(socket);
  } else {
    tally.succeeded(sinceMs);
    course.established(socket);
  }
}

/** Before connect(), where the step says something of the local end. -1 when it failed. */
function binds({ fd }: Held, { address, from, to }: ConnectStep, at: number): number {
  if (address === null && from === null) return 0;
  const port = from === null || from === 0 ? 0 : from + at;
  return bindTo(fd, localAddress(address, special(to).any), port);
}

/** Connects that are on their way. */
class Course {
  readonly #sockets: Held[];
  readonly #tally: Tally;
  readonly #watch: Watch | null;
  readonly #epoll = Epoll.open(EVENTS_AT_ONCE);
  readonly #waiting = new Map<number, Held>();
  readonly #failed = new Set<Held>();

  /** @param sockets of the name: those that fail are taken out */
  constructor(sockets: Held[], tally: Tally, watch: Watch | null) {
    this.#sockets = sockets;
    this.#tally = tally;
    this.#watch = watch;
  }

  get waiting(): number {
    return this.#waiting.size;
  }

  add(socket: Held): void {
    this.#sockets.push(socket);
    this.#watch?.follow(socket.fd);
    this.follow(socket);
  }

  /** One that the name has already. */
  follow(socket: Held): void {
    this.#waiting.set(socket.fd, socket);
    if (this.#epoll.add(socket.fd, EPOLLOUT | EPOLLET, socket.fd) < 0) this.#fail(socket, libc().errno());
  }

  established(socket: Held): void {
    this.#sockets.push(socket);
    this.#watch?.follow(socket.fd);
    settle(socket);
  }

  /** Settles those that have an outcome by then; returns how many it has seen. */
  look(timeoutMs: number): number {
    const count = this.#epoll.wait(timeoutMs);
    this.#watch?.look();
    for (let event = 0; event < count; event++) {
      const socket = this.#waiting.get(this.#epoll.tagAt(event));
      if (socket === undefined) continue;
      const errno = pendingError(socket.fd);
      if (errno !== 0) {
        this.#fail(socket, errno);
        continue;
      }
      this.#waiting.delete(socket.fd);
      this.#tally.succeeded(socket.pendingSinceMs!);
      settle(socket);
    }
    return count;
  }

  /** Until all have an outcome, or the time is over. */
  finish(): void {
    while (this.#waiting.size > 0) {
      const { leftMs } = this.#tally;
      if (this.look(Math.ceil(leftMs)) > 0 || leftMs > 0) continue;
      for (const socket of this.#waiting.values()) this.#fail(socket, ETIMEDOUT);
    }
  }

  /** Takes those that have failed out of the name. */
  close(): void {
    this.#epoll.close();
    const left = this.#sockets.filter((socket) => !this.#failed.has(socket));
    this.#sockets.splice(0, Infinity, ...left);
  }

  #fail(socket: Held, errno: string | number): void {
    this.#waiting.delete(socket.fd);
    this.#failed.add(socket);
    this.#tally.failed(socket.pendingSinceMs!, errno, "connect");
    drop(socket);
  }
}

function settle(socket: Held): void {
  socket.pendingSinceMs = null;
  if (!socket.nonBlocking) setBlocking(socket.fd, true);
}
