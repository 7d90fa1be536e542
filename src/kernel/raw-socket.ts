import type { SocketAddress } from "./socket-address.js";
import { SOCK_CLOEXEC, SOCK_NONBLOCK, socketCalls } from "./socket.js";

const SOCK_RAW = 3;
/** It only sends, and what it sends brings its own header of IPv4 or IPv6 (raw(7); net/ipv6/raw.c, rawv6_init_sk). */
const IPPROTO_RAW = 255;

/**
 * A socket to send whole packets to the peer with; the kernel fills in the length and checksum of an IPv4 header. -1 when
 * that failed: EPERM without CAP_NET_RAW in the network namespace.
 */
export function packetSocket({ family, memory }: SocketAddress): number {
  const calls = socketCalls();
  const fd = calls.socket(family, SOCK_RAW | SOCK_NONBLOCK | SOCK_CLOEXEC, IPPROTO_RAW);
  if (fd < 0) return -1;
  if (calls.connect(fd, memory.address, memory.length) >= 0) return fd;
  calls.close(fd);
  return -1;
}
