import { addressFrom } from "./ip-address.js";
import { libc } from "./libc.js";
import { Memory } from "./memory.js";

export const AF_INET = 2;
export const AF_INET6 = 10;

/** struct sockaddr_in: family, port, address, padding. */
const IPV4_BYTES = 16;
/** struct sockaddr_in6: family, port, flow label, address, scope. */
const IPV6_BYTES = 28;
/** The longer one. */
export const ADDRESS_BYTES = IPV6_BYTES;
const PORT_AT = 2;
const IPV4_AT = 4;
const IPV6_AT = 8;

export interface SocketAddress {
  family: typeof AF_INET | typeof AF_INET6;
  /** As bind() and connect() take it. */
  memory: Memory;
}

/** The port that an address as the kernel writes it has. */
export function portIn(address: Buffer): number {
  return address.readUInt16BE(PORT_AT);
}

/** The address that a struct sockaddr_in or sockaddr_in6 has. */
export function hostIn(address: Buffer): string {
  const isIpv4 = address.readUInt16LE(0) === AF_INET;
  return addressFrom(isIpv4 ? address.subarray(IPV4_AT, IPV4_AT + 4) : address.subarray(IPV6_AT, IPV6_AT + 16));
}

/** connect(2): AF_UNSPEC takes the connection away from the socket. */
export function unspecified(): { memory: Memory } {
  return { memory: Memory.ofLength(IPV4_BYTES) };
}

type InetPton = (family: number, text: string, into: Uint8Array) => number;
let inetPton: InetPton | null = null;

/**
 * An IPv4 or IPv6 address (without a zone) with a port. null when the text is neither: names are not looked up.
 * @throws LibcUnavailableError
 */
export function socketAddress(host: string, port: number): SocketAddress | null {
  inetPton ??= libc().func("int inet_pton(int family, const char *text, void *into)") as InetPton;
  const family = host.includes(":") ? AF_INET6 : AF_INET;
  const bytes = Buffer.alloc(family === AF_INET ? IPV4_BYTES : IPV6_BYTES);
  const address = bytes.subarray(family === AF_INET ? IPV4_AT : IPV6_AT);
  // C would read only as far as the first NUL.
  if (host.includes("\0") || inetPton(family, host, address) !== 1) return null;
  bytes.writeUInt16LE(family, 0);
  bytes.writeUInt16BE(port, PORT_AT);
  return { family, memory: new Memory(bytes) };
}
