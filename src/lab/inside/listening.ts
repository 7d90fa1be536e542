import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import type { ListeningSocket } from "../types.js";
import { descendantsOf } from "../../waiting/process-tree.js";

/** TCP_LISTEN (include/net/tcp_states.h), as /proc/net/tcp writes it. */
const LISTEN = "0A";
const IPV4_DIGITS = 8;

/** Where programs of this host listen; without a PID namespace those that we have started, and no others. */
export function listeningSockets(): ListeningSocket[] {
  const programs = programsByInode();
  const everyIsOurs = process.pid === 1;
  return ["tcp", "tcp6"].flatMap((file) =>
    parseListening(readOrEmpty(`/proc/self/net/${file}`)).flatMap(({ inode, ...socket }) => {
      const program = programs.get(inode) ?? null;
      return program === null && !everyIsOurs ? [] : [{ ...socket, program }];
    }),
  );
}

/** The listening sockets of a /proc/net/tcp or tcp6 (net/ipv4/tcp_ipv4.c, get_tcp4_sock). */
export function parseListening(text: string): { address: string; port: number; inode: string }[] {
  return text
    .split("\n")
    .slice(1)
    .flatMap((line) => {
      const [, local = "", , state, , , , , , inode = ""] = line.trim().split(/\s+/u);
      const [address = "", port = ""] = local.split(":");
      return state === LISTEN ? [{ address: addressOf(address), port: Number.parseInt(port, 16), inode }] : [];
    });
}

/** Words of 32 bits in the machine's own byte order: one for IPv4, four for IPv6. */
function addressOf(digits: string): string {
  const words = digits.match(/.{8}/gu) ?? [];
  const bytes = words.flatMap((word) => (word.match(/../gu) ?? []).toReversed());
  if (digits.length === IPV4_DIGITS) return bytes.map((byte) => Number.parseInt(byte, 16)).join(".");
  const groups = bytes.flatMap((byte, at) => (at % 2 === 0 ? [byte + bytes[at + 1]!] : []));
  return new URL(`http://[${groups.join(":")}]`).hostname.slice(1, -1);
}

function programsByInode(): Map<string, string> {
  const programs = new Map<string, string>();
  for (const { pid } of descendantsOf(readlinkSync("/proc/self"))) {
    const name = readOrEmpty(`/proc/${pid}/comm`).trim();
    for (const descriptor of namesIn(`/proc/${pid}/fd`)) {
      const inode = /^socket:\[(\d+)\]$/u.exec(linkOrEmpty(`/proc/${pid}/fd/${descriptor}`))?.[1];
      if (inode !== undefined && name !== "") programs.set(inode, name);
    }
  }
  return programs;
}

/** Processes and their descriptors come and go while we look, and some are not ours to look into. */
function tried<T>(read: () => T, otherwise: T): T {
  try {
    return read();
  } catch {
    return otherwise;
  }
}

const readOrEmpty = (path: string): string => tried(() => readFileSync(path, "latin1"), "");
const linkOrEmpty = (path: string): string => tried(() => readlinkSync(path), "");
const namesIn = (path: string): string[] => tried(() => readdirSync(path), []);
