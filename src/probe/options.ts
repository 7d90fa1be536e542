import { setBlocking } from "../kernel/blocking.js";
import {
  bindAddressNoPort,
  deferAccept,
  fastOpen,
  fastOpenConnect,
  keepAlive,
  linger,
  linger2,
  localPortRange,
  reuseAddress,
  reusePort,
  setOption,
  type SocketOption,
  userTimeout,
} from "../kernel/socket-option.js";
import type { SocketOptions } from "../scenario/phases/types.js";
import type { Held } from "./sockets.js";

/** What the options ask for and no more. -1 when the kernel refused one of them. */
export function applyOptions(socket: Held, options: SocketOptions): number {
  for (const option of wanted(options)) if (setOption(socket.fd, option) < 0) return -1;
  if (!options.nonBlocking) return 0;
  socket.nonBlocking = true;
  return setBlocking(socket.fd, false);
}

function wanted(options: SocketOptions): SocketOption[] {
  const { localPortRange: range, fastOpen: fast } = options;
  return [
    options.reuseAddress && reuseAddress(),
    options.reusePort && reusePort(),
    options.bindAddressNoPort && bindAddressNoPort(),
    range !== null && localPortRange(range.low, range.high),
    options.lingerSec !== null && linger(options.lingerSec),
    options.linger2Sec !== null && linger2(options.linger2Sec),
    options.keepAlive && keepAlive(),
    options.userTimeoutMs !== null && userTimeout(options.userTimeoutMs),
    options.deferAcceptSec !== null && deferAccept(options.deferAcceptSec),
    fast !== null && (fast === "connect" ? fastOpenConnect() : fastOpen(fast.queue)),
  ].filter((option) => option !== false);
}
