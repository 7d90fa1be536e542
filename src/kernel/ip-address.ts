/** Addresses of IPv4 and IPv6, as texts and as the bytes that packets and the kernel have, in the network's order. */

export const isIpv6 = (text: string): boolean => text.includes(":");

/** @param text an address without a zone, of IPv6 in groups of hexadecimal digits alone */
export function addressBytes(text: string): Buffer {
  if (!isIpv6(text)) return Buffer.from(text.split(".").map(Number));
  const [before = [], after = []] = text.split("::").map((half) => (half === "" ? [] : half.split(":")));
  const groups = [...before, ...Array<string>(8 - before.length - after.length).fill(""), ...after];
  return Buffer.from(groups.map((group) => group.padStart(4, "0")).join(""), "hex");
}

/** @param bytes 4 of IPv4, or 16 of IPv6 */
export function addressFrom(bytes: Buffer): string {
  return bytes.length === 4 ? bytes.join(".") : ipv6Text(bytes.toString("hex"));
}

/**
 * The longest run of zeros as `::`, digits without leading zeros (RFC 5952, section 4).
 * @param hex 32 digits
 */
export function ipv6Text(hex: string): string {
  const groups = hex.match(/.{4}/gu)!.map((group) => group.replace(/^0{1,3}/u, ""));
  const runs = [...groups.join(":").matchAll(/(?:^|:)0(?::0)+(?=:|$)/gu)].map(([run]) => run);
  const longest = runs.reduce((most, run) => (run.length > most.length ? run : most), "");
  const text = groups.join(":");
  if (longest === "") return text;
  const at = text.indexOf(longest);
  return `${text.slice(0, at)}::${text.slice(at + longest.length + 1)}`;
}
