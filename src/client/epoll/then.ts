/** What the loop has to do about a slot's connection. */
export const THEN = {
  nothing: 0,
  /** Tell epoll of it: it is new. */
  watch: 1,
  /** Close its socket: it has ended, and the slot is free. */
  close: 2,
  /** Keep it for the next request, whose time has not come. */
  rest: 3,
  /** Look at it again, after the others: there may be more to read, or to send. */
  again: 4,
} as const;
export type Then = (typeof THEN)[keyof typeof THEN];
