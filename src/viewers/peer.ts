import { readFileSync } from "node:fs";
import type { Socket } from "node:net";
import { endianness } from "node:os";

/** By /proc/net/tcp: number, local address:port, the other end's, state 01 (ESTABLISHED), queues, timer, retransmits, user. */
const ESTABLISHED = /^ *\d+: (\S+) (\S+) 01 \S+ \S+ \S+ +(\d+) /gmu;

type Ends = Pick<Socket, "localAddress" | "localPort" | "remoteAddress" | "remotePort">;

/**
 * Whether a process of our own user, or of root, is at the other end of a connection on this machine. null where the kernel
 * does not tell: Linux alone has the file.
 */
export function isOurOwn(connection: Ends): boolean | null {
  const user = process.geteuid?.();
  let table: string;
  try {
    table = readFileSync("/proc/net/tcp", "latin1");
  } catch {
    return null;
  }
  const other = userAtTheOtherEnd(table, connection);
  return other !== null && (other === user || other === 0);
}

/**
 * The user whose process has the socket at the other end, by a text of /proc/net/tcp (net/ipv4/tcp_ipv4.c, get_tcp4_sock). null
 * where there is none: the user of a socket that is closed already is told as 0, so that it has to be open.
 */
export function userAtTheOtherEnd(
  table: string,
  { localAddress, localPort, remoteAddress, remotePort }: Ends,
): number | null {
  const here = hex(localAddress, localPort);
  const there = hex(remoteAddress, remotePort);
  for (const [, local, remote, user] of table.matchAll(ESTABLISHED))
    if (local === there && remote === here) return Number(user);
  return null;
}

/** `0100007F:1F90`: an address as the machine has it in memory, a port as people write it. */
function hex(address = "", port = 0): string {
  const bytes = address.split(".").map((byte) => Number(byte).toString(16).padStart(2, "0"));
  const inMemory = endianness() === "LE" ? bytes.toReversed() : bytes;
  return `${inMemory.join("")}:${port.toString(16).padStart(4, "0")}`.toUpperCase();
}
