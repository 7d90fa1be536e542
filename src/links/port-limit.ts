/**
 * How many local ports connect() may take; null where the range was not read.
 * @param reserved net.ipv4.ip_local_reserved_ports, as the kernel writes it: `8080,9000-9005`
 */
export function portLimit(range: { low: number; high: number } | null, reserved: string): number | null {
  if (range === null || range.high < range.low) return null;
  const taken = new Set<number>();
  for (const part of reserved.split(",").filter((one) => /^\d+(-\d+)?$/u.test(one))) {
    const [first = 0, last = first] = part.split("-").map(Number);
    for (let port = Math.max(first, range.low); port <= Math.min(last, range.high); port++) taken.add(port);
  }
  return range.high - range.low + 1 - taken.size;
}

/** net.ipv4.ip_local_port_range, as the kernel writes it: two numbers with a tab between them. */
export function portRange(text: string | undefined): { low: number; high: number } | null {
  const [low = NaN, high = NaN] = (text ?? "").trim().split(/\s+/u).map(Number);
  return Number.isInteger(low) && Number.isInteger(high) ? { low, high } : null;
}
