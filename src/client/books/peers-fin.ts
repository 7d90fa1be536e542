import type { Socket } from "node:net";
import { LibcUnavailableError } from "../../kernel/libc.js";
import { tcpState } from "../../kernel/socket-option.js";

/** include/net/tcp_states.h */
const CLOSE_WAIT = 8;

/** A part of net.Socket that its typings leave out: the descriptor. */
const HANDLE = "_handle";
interface SocketInside {
  [HANDLE]?: { fd?: number } | null;
}

/**
 * Whether the peer's FIN was there before ours, by the kernel's own state. A library may destroy its socket in the turn
 * in which it has read the last response, and Node tells 'end' one turn later at the earliest: never, then. Of TLS it
 * tells 'end' at the peer's close_notify, which goes before its FIN.
 */
export function hasPeersFin(socket: Socket): boolean {
  const { fd } = (socket as unknown as SocketInside)[HANDLE] ?? {};
  return fd !== undefined && fd >= 0 && canAskState() && tcpState(fd) === CLOSE_WAIT;
}

/** Whether this machine's kernel can be asked; loads what that takes. */
export function canAskState(): boolean {
  try {
    tcpState(-1);
    return true;
  } catch (error) {
    if (error instanceof LibcUnavailableError) return false;
    throw error;
  }
}
