import { ipv6Text } from "./ip-address.js";

/**
 * Addresses as numbers, for counting millions of sockets by them: an IPv4 address is its 32 bits, also where IPv6 carries
 * it (RFC 4291, section 2.5.5.2, which is how a socket on `::` has its IPv4 connections); any other IPv6 address is a
 * number beyond those, in the order in which they were seen.
 */
export type AddressKey = number;

const FIRST_IPV6 = 2 ** 32;
/** A peer may come from as many addresses as it likes: what goes beyond is told as one. */
const MOST_IPV6 = 65_536;
const MAPPED = "00000000000000000000ffff";

const texts: string[] = [];
const keys = new Map<string, AddressKey>();

/** @param at where the address begins; 4 bytes of IPv4 or 16 of IPv6, in the network's order */
export function addressKey(bytes: Uint8Array, at: number, family: "ipv4" | "ipv6"): AddressKey {
  if (family === "ipv4") return ipv4Key(bytes[at]!, bytes[at + 1]!, bytes[at + 2]!, bytes[at + 3]!);
  for (let offset = 0; offset < 10; offset++) if (bytes[at + offset] !== 0) return ipv6Key(hexOf(bytes, at));
  if (bytes[at + 10] !== 0xff || bytes[at + 11] !== 0xff) return ipv6Key(hexOf(bytes, at));
  return ipv4Key(bytes[at + 12]!, bytes[at + 13]!, bytes[at + 14]!, bytes[at + 15]!);
}

export function ipv4Key(first: number, second: number, third: number, fourth: number): AddressKey {
  return first * 0x1_00_00_00 + ((second << 16) | (third << 8) | fourth);
}

/** @param hex 32 digits in the network's order */
export function ipv6Key(hex: string): AddressKey {
  if (hex.startsWith(MAPPED)) return Number.parseInt(hex.slice(MAPPED.length), 16);
  const known = keys.get(hex);
  if (known !== undefined) return known;
  if (texts.length === MOST_IPV6) return FIRST_IPV6 + MOST_IPV6;
  const key = FIRST_IPV6 + texts.length;
  texts.push(ipv6Text(hex));
  keys.set(hex, key);
  return key;
}

/** As people write it: `198.18.0.1`, `fd00::1`; `other addresses` for what was too many to tell apart. */
export function addressText(key: AddressKey): string {
  if (key >= FIRST_IPV6) return texts[key - FIRST_IPV6] ?? "other addresses";
  return [key >>> 24, (key >>> 16) & 255, (key >>> 8) & 255, key & 255].join(".");
}

function hexOf(bytes: Uint8Array, at: number): string {
  return Buffer.from(bytes.subarray(at, at + 16)).toString("hex");
}
