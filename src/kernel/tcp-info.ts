import { libc } from "./libc.js";
import { type Address, Memory } from "./memory.js";
import { ADDRESS_BYTES, hostIn, portIn } from "./socket-address.js";
import { socketCalls } from "./socket.js";

const IPPROTO_TCP = 6;
const TCP_INFO = 11;
/** More than Linux 6.18 has: it writes what it knows. */
const INFO_BYTES = 320;

/** Bits of tcpi_options (include/uapi/linux/tcp.h, TCPI_OPT_…). */
const OPTIONS_AT = 5;
const OPTIONS = { timestamps: 1, sack: 2, synData: 32 } as const;
/** Where the fields of struct tcp_info lie; it only ever grows at its end. */
const BYTES = { state: 0, retransmits: 2, probes: 3, backoff: 4 } as const;
const WORDS = {
  rtoUs: 8,
  sndMss: 16,
  unacked: 24,
  sacked: 28,
  lost: 32,
  rttUs: 68,
  sndCwnd: 80,
  totalRetrans: 100,
  segsOut: 136,
  segsIn: 140,
  notsentBytes: 144,
  minRttUs: 148,
  sndWnd: 228,
  rcvWnd: 232,
} as const;
const LONG_WORDS = { bytesAcked: 120, bytesReceived: 128, bytesSent: 200 } as const;

export type TcpInfoField = keyof typeof BYTES | keyof typeof OPTIONS | keyof typeof WORDS | keyof typeof LONG_WORDS;
/** `state` by its number (include/net/tcp_states.h). null: this kernel has no such field. */
export type TcpInfo = Record<TcpInfoField, number | null>;

type GetPeerName = (fd: number, address: Address, bytes: Address) => number;
let getPeerName: GetPeerName | null = null;

/** What TCP_INFO says of the connection; the errno when it says nothing. @throws LibcUnavailableError */
export function tcpInfo(fd: number): TcpInfo | number {
  const info = Memory.ofLength(INFO_BYTES);
  const length = Memory.ofInts(INFO_BYTES);
  if (socketCalls().getsockopt(fd, IPPROTO_TCP, TCP_INFO, info.address, length.address) < 0) return libc().errno();
  return parseTcpInfo(info.bytes.subarray(0, length.bytes.readInt32LE()));
}

/** Exported for tests. */
export function parseTcpInfo(bytes: Buffer): TcpInfo {
  const read = <Name extends string>(
    places: Readonly<Record<Name, number>>,
    size: number,
    valueAt: (at: number) => number,
  ): Record<Name, number | null> =>
    Object.fromEntries(
      Object.entries<number>(places).map(([name, at]) => [name, at + size > bytes.length ? null : valueAt(at)]),
    ) as Record<Name, number | null>;
  const bits = bytes[OPTIONS_AT] ?? 0;
  return {
    ...read(BYTES, 1, (at) => bytes[at]!),
    ...read(WORDS, 4, (at) => bytes.readUInt32LE(at)),
    ...read(LONG_WORDS, 8, (at) => Number(bytes.readBigUInt64LE(at))),
    timestamps: bits & OPTIONS.timestamps ? 1 : 0,
    sack: bits & OPTIONS.sack ? 1 : 0,
    synData: bits & OPTIONS.synData ? 1 : 0,
  };
}

/** The other end of a socket (getpeername(2)); null where there is none. @throws LibcUnavailableError */
export function peerAddress(fd: number): { address: string; port: number } | null {
  getPeerName ??= libc().func("int getpeername(int fd, intptr_t address, intptr_t bytes)") as GetPeerName;
  const address = Memory.ofLength(ADDRESS_BYTES);
  const length = Memory.ofInts(ADDRESS_BYTES);
  if (getPeerName(fd, address.address, length.address) < 0) return null;
  return { address: hostIn(address.bytes), port: portIn(address.bytes) };
}
