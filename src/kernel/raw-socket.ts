import { AF_INET, type SocketAddress } from "./socket-address.js";
import { SOCK_CLOEXEC, SOCK_NONBLOCK, socketCalls } from "./socket.js";

const SOCK_RAW = 3;
/** It only sends, and what it sends brings its own IPv4 header (raw(7)). */
const IPPROTO_RAW = 255;

/**
 * A socket to send whole IPv4 packets to the peer with; the kernel fills in their length and checksum. -1 when that
 * failed: EPERM without CAP_NET_RAW in the network namespace.
 */
export function packetSocket({ memory }: SocketAddress): number {
  const calls = socketCalls();
  const fd = calls.socket(AF_INET, SOCK_RAW | SOCK_NONBLOCK | SOCK_CLOEXEC, IPPROTO_RAW);
  if (fd < 0) return -1;
  if (calls.connect(fd, memory.address, memory.length) >= 0) return fd;
  calls.close(fd);
  return -1;
}
