/** Of a histogram: so many bars on the whole of its axis. */
export const BUCKETS = 72;
