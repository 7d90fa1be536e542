import { monotonicMs } from "../kernel/clock.js";
import { libc } from "../kernel/libc.js";
import { Memory } from "../kernel/memory.js";
import { POLLIN, waitFor } from "../kernel/poll.js";
import { sendTimeout, setOption, tcpState } from "../kernel/socket-option.js";
import { unspecified } from "../kernel/socket-address.js";
import { MSG_NOSIGNAL, SHUT, socketCalls } from "../kernel/socket.js";
import type { ProbeStep } from "../scenario/phases/types.js";
import { applyOptions } from "./options.js";
import { held, type Held, type Sockets } from "./sockets.js";
import { ETIMEDOUT, Tally } from "./tally.js";
import type { Figures } from "./types.js";

type Step<Do extends ProbeStep["do"]> = Extract<ProbeStep, { do: Do }>;

/** Runs after each call, so that a watch of these sockets need not keep what all of the calls have called forth. */
type Look = () => void;

/** include/net/tcp_states.h */
const TCP_CLOSE = 7;
const CHUNK_BYTES = 65_536;
const END_OF_HEAD = "\r\n\r\n";

export function takeOptions(step: Step<"options">, sockets: Sockets, look: Look): Figures {
  return onEach(step, sockets, look, (tally, socket) => tally.make(() => applyOptions(socket, step)));
}

/** One that listened is closed then, and may listen again. */
export function takeShutdown(step: Step<"shutdown">, sockets: Sockets, look: Look): Figures {
  return onEach(step, sockets, look, (tally, socket) => {
    tally.make(() => socketCalls().shutdown(socket.fd, SHUT[step.how]));
    if (tcpState(socket.fd) === TCP_CLOSE) socket.onlyBound = true;
  });
}

/** The socket stays, and may be connected or listen again (connect(2), AF_UNSPEC). */
export function takeDisconnect(step: Step<"disconnect">, sockets: Sockets, look: Look): Figures {
  const nowhere = unspecified().memory;
  return onEach(step, sockets, look, (tally, socket) => {
    tally.make(() => socketCalls().connect(socket.fd, nowhere.address, nowhere.length));
    Object.assign(socket, { ...held(socket.fd, socket.nonBlocking), onlyBound: true });
  });
}

/** Whatever close() says, the file is gone (close(2)). */
export function takeClose(step: Step<"close">, sockets: Sockets, look: Look): Figures {
  const figures = onEach(step, sockets, look, (tally, { fd }) => tally.make(() => socketCalls().close(fd)));
  sockets.of(step.socket).length = 0;
  return figures;
}

export function takeSend(step: Step<"send">, sockets: Sockets, look: Look): Figures {
  const text = step.text === null ? null : Buffer.from(step.text);
  // Memory of no bytes has no address.
  const source = new Memory(text === null || text.length === 0 ? Buffer.alloc(CHUNK_BYTES, "x") : text);
  const wanted = text?.length ?? step.bytes ?? 0;
  let bytes = 0;
  const figures = onEach(step, sockets, look, (tally, socket) => {
    bytes += send(tally, socket, source, wanted);
  });
  return { ...figures, bytes };
}

/** A text is sent from its beginning; anything longer than the source is the source again and again. */
function send(tally: Tally, socket: Held, source: Memory, wanted: number): number {
  const { fd } = socket;
  // One that is still being connected does not block either.
  const nonBlocking = socket.nonBlocking || socket.pendingSinceMs !== null;
  const sinceMs = monotonicMs();
  let sent = 0;
  let errno: string | number | null = null;
  while (sent < wanted && errno === null) {
    const { leftMs } = tally;
    if (!nonBlocking) setOption(fd, sendTimeout(Math.max(1, leftMs)));
    const from = sent % source.length;
    const length = Math.min(source.length - from, wanted - sent);
    const taken = socketCalls().send(fd, (source.address + from) as Memory["address"], length, MSG_NOSIGNAL);
    if (taken >= 0) {
      sent += taken;
      // With less than it was given, a blocking send() says that its time was over.
      if (!nonBlocking && taken < length) errno = ETIMEDOUT;
    } else {
      errno = libc().errno();
      if (!nonBlocking && errno === libc().errnoOf["EAGAIN"]) errno = ETIMEDOUT;
    }
  }
  if (!nonBlocking) setOption(fd, sendTimeout(0));
  if (errno === null) tally.succeeded(sinceMs);
  else tally.failed(sinceMs, errno);
  return sent;
}

export function takeReceive(step: Step<"receive">, sockets: Sockets, look: Look): Figures {
  const into = Memory.ofLength(CHUNK_BYTES);
  let bytes = 0;
  let first: Buffer | null = null;
  const figures = onEach(step, sockets, look, (tally, socket) => {
    const received = receive(tally, socket, step.until, into, look);
    bytes += received.bytes;
    first ??= received.head;
  });
  const ended = sockets.of(step.socket).filter((socket) => socket.ended).length;
  return { ...figures, bytes, ended, status: step.until === "head" ? statusOf(first) : null };
}

interface Received {
  bytes: number;
  /** What it received, where a head was to be found. */
  head: Buffer;
}

function receive(tally: Tally, socket: Held, until: Step<"receive">["until"], into: Memory, look: Look): Received {
  const sinceMs = monotonicMs();
  let bytes = 0;
  let errno: string | number | null = null;
  for (;;) {
    const taken = wantedOf(socket.unread, until, bytes);
    if (taken.done || socket.ended || errno !== null) {
      const head = socket.unread.subarray(0, taken.bytes);
      socket.unread = socket.unread.subarray(taken.bytes);
      if (errno === null) tally.succeeded(sinceMs);
      else tally.failed(sinceMs, errno);
      return { bytes: bytes + taken.bytes, head };
    }
    // A head is kept until it is whole; of anything else only the number of bytes matters.
    if (until !== "head") {
      bytes += taken.bytes;
      socket.unread = socket.unread.subarray(taken.bytes);
    }
    const most = typeof until === "number" ? Math.min(into.length, until - bytes) : into.length;
    const count = waitFor(socket.fd, POLLIN, tally.leftMs) === 0 ? null : read(socket, into, most);
    if (count === null) errno = ETIMEDOUT;
    else if (count < 0) errno = -count;
    else if (count === 0) socket.ended = true;
    else socket.unread = Buffer.concat([socket.unread, into.bytes.subarray(0, count)]);
    look();
  }
}

/** How much of what there is was asked for, and whether that is all of it. */
function wantedOf(unread: Buffer, until: Step<"receive">["until"], before: number): { bytes: number; done: boolean } {
  if (until === "end") return { bytes: unread.length, done: false };
  if (until === "head") {
    const end = unread.indexOf(END_OF_HEAD);
    return end < 0 ? { bytes: unread.length, done: false } : { bytes: end + END_OF_HEAD.length, done: true };
  }
  const bytes = Math.min(unread.length, until - before);
  return { bytes, done: before + bytes === until };
}

/** The bytes read; below zero: the errno. */
function read({ fd }: Held, into: Memory, most: number): number {
  const count = socketCalls().recv(fd, into.address, most, 0);
  return count < 0 ? -libc().errno() : count;
}

/** RFC 9112, section 4. */
function statusOf(head: Buffer | null): number | null {
  const status = /^HTTP\/\d\.\d (?<status>\d{3})\b/u.exec(head?.toString("latin1", 0, 32) ?? "")?.groups?.["status"];
  return status === undefined ? null : Number(status);
}

function onEach(
  { socket: name, timeoutMs }: ProbeStep,
  sockets: Sockets,
  look: Look,
  act: (tally: Tally, socket: Held) => void,
): Figures {
  const named = sockets.of(name);
  const tally = new Tally(timeoutMs);
  if (named.length === 0) tally.nothingThere();
  for (const socket of named) {
    act(tally, socket);
    look();
  }
  return tally.figures();
}
