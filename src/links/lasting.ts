/** Of the most sockets in TIME_WAIT: what is less is not seen in a picture. */
const SEEN = 0.01;

/**
 * Sockets that were in FIN_WAIT2 in a table and in the one before it, as far as numbers tell; the others are at the moment between
 * two FINs. The gauge `tw` of /proc/net/sockstat holds them, too, once no program has them open (net/ipv4/tcp_minisocks.c,
 * tcp_time_wait).
 */
export function lasting(before: number | undefined, now: number | undefined): number {
  return Math.min(before ?? 0, now ?? 0);
}

/**
 * Whether so many stay in FIN_WAIT2 that the gauge says something false of TIME_WAIT.
 * @param finWait2 in each table, in order
 * @param most that the gauge showed
 */
export function misleadsGauge(finWait2: readonly number[], most: number): boolean {
  return finWait2.some((now, at) => lasting(finWait2[at - 1], now) > SEEN * most);
}
