import { libc } from "../kernel/libc.js";
import { acceptBlocking, listen } from "../kernel/listener.js";
import { waitFor, POLLIN } from "../kernel/poll.js";
import { ownAddress } from "../kernel/own-address.js";
import { SOCK_CLOEXEC, SOCK_STREAM, socketCalls } from "../kernel/socket.js";
import { monotonicMs } from "../kernel/clock.js";
import type { SocketOptions, ProbeStep } from "../scenario/phases/types.js";
import { addressOf, localAddress } from "./address.js";
import { applyOptions } from "./options.js";
import { drop, type Held, held, type Sockets } from "./sockets.js";
import { ETIMEDOUT, Tally } from "./tally.js";
import type { Figures } from "./types.js";

type Step<Do extends ProbeStep["do"]> = Extract<ProbeStep, { do: Do }>;

/**
 * A socket with its options set; the errno when that failed, with nothing of it left.
 * @param like an address of its family
 */
export function openSocket(options: SocketOptions, like: string): Held | number {
  const fd = socketCalls().socket(addressOf(like, 0).family, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (fd < 0) return libc().errno();
  const socket = held(fd, false);
  if (applyOptions(socket, options) >= 0) return socket;
  const errno = libc().errno();
  drop(socket);
  return errno;
}

/** bind(2): -1 when it failed. */
export function bindTo(fd: number, host: string, port: number): number {
  const { memory } = addressOf(host, port);
  return socketCalls().bind(fd, memory.address, memory.length);
}

/** A socket that bind() has failed on is a socket nevertheless. */
export function takeBind(step: Step<"bind">, sockets: Sockets, own: string): Figures {
  const made = sockets.fresh(step.socket);
  const tally = new Tally(step.timeoutMs);
  const socket = openSocket(step, localAddress(step.address, own));
  if (typeof socket === "number") {
    tally.failed(tally.startedMs, socket);
  } else {
    socket.onlyBound = true;
    made.push(socket);
    tally.make(() => bindTo(socket.fd, localAddress(step.address, own), step.port));
  }
  return tally.figures({ localPort: localPortOf(made) });
}

export function takeListen(step: Step<"listen">, sockets: Sockets, own: string): Figures {
  const made = sockets.forNew(step.socket);
  const tally = new Tally(step.timeoutMs);
  const { startedMs } = tally;
  const bound = made.pop();
  const socket = bound ?? openSocket(step, localAddress(step.address, own));
  if (typeof socket === "number") {
    tally.failed(startedMs, socket, "socket");
  } else if (bound !== undefined && applyOptions(socket, step) < 0) {
    tally.failed(startedMs, libc().errno(), "setsockopt");
    drop(socket);
  } else if (bound === undefined && bindTo(socket.fd, localAddress(step.address, own), step.port) < 0) {
    tally.failed(startedMs, libc().errno(), "bind");
    drop(socket);
  } else if (listen(socket.fd, step.backlog) < 0) {
    tally.failed(startedMs, libc().errno(), "listen");
    drop(socket);
  } else {
    socket.onlyBound = false;
    made.push(socket);
    tally.succeeded(startedMs);
  }
  return tally.figures({ failedCall: tally.failedCall, localPort: localPortOf(made) });
}

/** Of the first; null where there is none. */
export function localPortOf([first]: readonly Held[]): number | null {
  return first === undefined ? null : (ownAddress(first.fd)?.port ?? null);
}

/** From the first of the sockets that listen under that name. */
export function takeAccept(step: Step<"accept">, sockets: Sockets): Figures {
  const listener = sockets.of(step.of)[0];
  const made = sockets.fresh(step.socket);
  const tally = new Tally(step.timeoutMs);
  for (let count = 0; count < step.count; count++) {
    if (listener === undefined) {
      tally.nothingThere();
      break;
    }
    const sinceMs = monotonicMs();
    // A listener that is not one is never ready, and accept() has the better word for it.
    if (waitFor(listener.fd, POLLIN, tally.leftMs) === 0) {
      tally.failed(sinceMs, ETIMEDOUT);
      continue;
    }
    const fd = acceptBlocking(listener.fd);
    if (fd < 0) {
      tally.failed(sinceMs, libc().errno());
      continue;
    }
    made.push(held(fd, false));
    tally.succeeded(sinceMs);
  }
  return tally.figures();
}
