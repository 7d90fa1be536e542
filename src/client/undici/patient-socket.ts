import type { Socket } from "node:net";
import { TLSSocket } from "node:tls";
import { canAskState, hasPeersFin } from "../books/peers-fin.js";

/** A server that was asked to close and does not: after so long we do it ourselves. */
const LONGEST_WAIT_MS = 1000;
/** Between a server's close_notify and its FIN there is no event. */
const LOOK_MS = 1;

/** A socket that can leave the first FIN to the server. */
export interface PatientSocket extends Socket {
  /** While it is true, destroy() waits until the server's FIN has come, an error has, or a second has passed. */
  patient: boolean;
  /** destroy() has been called, and the socket waits for the server. */
  readonly waiting: boolean;
  /** Called with what a listener throws; true: it was no fault of ours, and the connection is of no further use. */
  onThrown: (error: unknown) => boolean;
}

/**
 * Makes it one. An HTTP library destroys its socket as soon as the last response has ended; close(2) sends a FIN at once,
 * and whose FIN is first then depends on the scheduler. The side that sends it holds TIME_WAIT (RFC 9293 section 3.6), so
 * it must not depend on that.
 */
export function patientSocket(plain: Socket): PatientSocket {
  const socket = plain as PatientSocket;
  const { destroy, emit } = socket;
  let giveUp: NodeJS.Timeout | null = null;
  const close = (error?: Error): Socket => {
    if (giveUp !== null) clearTimeout(giveUp);
    giveUp = null;
    return destroy.call(socket, error);
  };
  socket.patient = false;
  socket.onThrown = () => false;
  Object.defineProperty(socket, "waiting", { get: () => giveUp !== null });
  /** A library that listens to this socket may throw, as by an assertion: that must end its connection, not the load. */
  socket.emit = (event: string | symbol, ...values: unknown[]): boolean => {
    try {
      return (emit as (event: string | symbol, ...values: unknown[]) => boolean).call(socket, event, ...values);
    } catch (error) {
      if (!socket.onThrown(error)) throw error;
      socket.patient = false;
      socket.destroy(error as Error);
      return true;
    }
  };
  socket.destroy = (error?: Error): PatientSocket => {
    const settled = socket.destroyed || socket.connecting || hasEnded(socket) || isSystemError(error);
    if (!socket.patient || settled) {
      close(error);
    } else if (giveUp === null) {
      giveUp = setTimeout(() => close(error), LONGEST_WAIT_MS);
      onEnd(socket, () => close(error));
      // Whatever still comes has no reader any more, and 'end' comes only after the last byte was read.
      socket.on("readable", () => {
        while (socket.read() !== null);
      });
    }
    return socket;
  };
  return socket;
}

/** The server's FIN has come, and nothing that came before it is unread: close(2) would send a RST then. */
function hasEnded(socket: Socket): boolean {
  const isTold = !(socket instanceof TLSSocket) || !canAskState();
  return socket.readableEnded && (isTold || hasPeersFin(socket));
}

/** Once; not after it was closed by somebody else. */
function onEnd(socket: Socket, then: () => void): void {
  if (!(socket instanceof TLSSocket)) return void socket.once("end", then);
  const look = setInterval(() => {
    if (hasEnded(socket)) then();
  }, LOOK_MS);
  socket.once("close", () => clearInterval(look));
}

/** libuv's own errors name their system call; those of libraries do not. */
function isSystemError(error: Error | undefined): boolean {
  return error !== undefined && "syscall" in error;
}
