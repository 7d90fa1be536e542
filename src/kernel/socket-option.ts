import { libc } from "./libc.js";
import { Memory } from "./memory.js";
import { socketCalls } from "./socket.js";

const SOL_SOCKET = 1;
const SO_REUSEADDR = 2;
const SO_ERROR = 4;
const SO_KEEPALIVE = 9;
const SO_LINGER = 13;
const SO_REUSEPORT = 15;
const SO_SNDTIMEO = 21;
const SOL_IP = 0;
const IPPROTO_TCP = 6;
const TCP_LINGER2 = 8;
const TCP_DEFER_ACCEPT = 9;
const TCP_INFO = 11;
const TCP_USER_TIMEOUT = 18;
const TCP_FASTOPEN = 23;
const TCP_FASTOPEN_CONNECT = 30;
const IP_BIND_ADDRESS_NO_PORT = 24;
const IP_LOCAL_PORT_RANGE = 51;

/** One setsockopt() call, ready to be made any number of times. */
export interface SocketOption {
  /** As in the manual: `SO_LINGER`. */
  name: string;
  level: number;
  number: number;
  value: Memory;
}

/** socket(7): bind() takes a port that a connection in TIME_WAIT still has. */
export function reuseAddress(): SocketOption {
  return { name: "SO_REUSEADDR", level: SOL_SOCKET, number: SO_REUSEADDR, value: Memory.ofInts(1) };
}

/** socket(7): several sockets of one user may have the port, and connections are shared out among those that listen. */
export function reusePort(): SocketOption {
  return { name: "SO_REUSEPORT", level: SOL_SOCKET, number: SO_REUSEPORT, value: Memory.ofInts(1) };
}

/**
 * socket(7). 0 makes close() send a RST and forget the connection; more makes it wait, even on a non-blocking socket,
 * until the peer has acknowledged everything, at most so many seconds (net/ipv4/tcp.c, __tcp_close).
 */
export function linger(seconds: number): SocketOption {
  return { name: "SO_LINGER", level: SOL_SOCKET, number: SO_LINGER, value: Memory.ofInts(1, seconds) };
}

/** socket(7): probes a connection that nothing comes from; when, is for net.ipv4.tcp_keepalive_time to say. */
export function keepAlive(): SocketOption {
  return { name: "SO_KEEPALIVE", level: SOL_SOCKET, number: SO_KEEPALIVE, value: Memory.ofInts(1) };
}

/**
 * socket(7): a blocking send() that has not found room by then returns with what the kernel took, or EAGAIN for
 * nothing. 0: it waits for ever. How long close() lingers is not changed by it (net/ipv4/af_inet.c, inet_release).
 */
export function sendTimeout(timeoutMs: number): SocketOption {
  const value = Memory.ofLength(16);
  const seconds = Math.floor(timeoutMs / 1000);
  value.bytes.writeBigInt64LE(BigInt(seconds), 0);
  value.bytes.writeBigInt64LE(BigInt(Math.ceil((timeoutMs - seconds * 1000) * 1000)), 8);
  return { name: "SO_SNDTIMEO", level: SOL_SOCKET, number: SO_SNDTIMEO, value };
}

/** ip(7): bind() to an address leaves the port to connect(), which then only has to be free towards one destination. */
export function bindAddressNoPort(): SocketOption {
  return { name: "IP_BIND_ADDRESS_NO_PORT", level: SOL_IP, number: IP_BIND_ADDRESS_NO_PORT, value: Memory.ofInts(1) };
}

/**
 * ip(7), since Linux 6.3, for IPv6 sockets too: this socket's share of net.ipv4.ip_local_port_range, ends included. An
 * end that lies outside of that range is taken without a word and has no effect (inet_sk_get_local_port_range).
 */
export function localPortRange(low: number, high: number): SocketOption {
  const value = Memory.ofLength(4);
  value.bytes.writeUInt16LE(low, 0);
  value.bytes.writeUInt16LE(high, 2);
  return { name: "IP_LOCAL_PORT_RANGE", level: SOL_IP, number: IP_LOCAL_PORT_RANGE, value };
}

/** tcp(7): FIN_WAIT2 without a program ends after so long; below zero there is none, and close() sends a RST. */
export function linger2(seconds: number): SocketOption {
  return ofTcp("TCP_LINGER2", TCP_LINGER2, seconds);
}

/** tcp(7): accept() sees a connection with its first data, or once so many seconds have passed. */
export function deferAccept(seconds: number): SocketOption {
  return ofTcp("TCP_DEFER_ACCEPT", TCP_DEFER_ACCEPT, seconds);
}

/** tcp(7): a connection ends with ETIMEDOUT once the peer has been silent for so long about what it was sent. */
export function userTimeout(timeoutMs: number): SocketOption {
  return ofTcp("TCP_USER_TIMEOUT", TCP_USER_TIMEOUT, timeoutMs);
}

/** tcp(7): takes data with a SYN (RFC 7413), at most so many connections that are not established yet. */
export function fastOpen(queue: number): SocketOption {
  return ofTcp("TCP_FASTOPEN", TCP_FASTOPEN, queue);
}

/** tcp(7): connect() leaves the SYN to the first send, where a cookie of the server is there already (RFC 7413). */
export function fastOpenConnect(): SocketOption {
  return ofTcp("TCP_FASTOPEN_CONNECT", TCP_FASTOPEN_CONNECT, 1);
}

function ofTcp(name: string, number: number, value: number): SocketOption {
  return { name, level: IPPROTO_TCP, number, value: Memory.ofInts(value) };
}

/** -1 when it failed. */
export function setOption(fd: number, { level, number, value }: SocketOption): number {
  return socketCalls().setsockopt(fd, level, number, value.address, value.length);
}

let error: Memory | null = null;
let errorBytes: Memory | null = null;
let info: Memory | null = null;
let infoBytes: Memory | null = null;

/** The errno that waits on the socket, which is cleared by this; 0 for none. */
export function pendingError(fd: number): number {
  error ??= Memory.ofLength(4);
  errorBytes ??= Memory.ofInts(error.length);
  const failed = socketCalls().getsockopt(fd, SOL_SOCKET, SO_ERROR, error.address, errorBytes.address) < 0;
  return failed ? libc().errno() : error.bytes.readInt32LE();
}

/**
 * The connection's state by its number (include/net/tcp_states.h); null where the kernel does not say, as of a descriptor
 * that is no TCP socket. The first octet of struct tcp_info (include/uapi/linux/tcp.h).
 */
export function tcpState(fd: number): number | null {
  info ??= Memory.ofLength(1);
  infoBytes ??= Memory.ofInts(info.length);
  infoBytes.bytes.writeInt32LE(info.length);
  const failed = socketCalls().getsockopt(fd, IPPROTO_TCP, TCP_INFO, info.address, infoBytes.address) < 0;
  return failed ? null : info.bytes[0]!;
}
