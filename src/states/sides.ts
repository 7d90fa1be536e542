const PORTS = 65_536;

/** Whose end of its connection a socket is; `unclear` where only other sockets could tell. */
export type End = "accepted" | "made" | "unclear";

/**
 * Which of a connection's two ports is the service's:
 *
 * 1. the local one, if this namespace listens on it; else the remote one, if it listens on that (its own server);
 * 2. the one outside of the range that connect() takes ports from, if the other is inside. Where that is the local one,
 *    this is a guess, for its listener is gone.
 */
export class Sides {
  readonly #listens = new Uint8Array(PORTS);
  readonly #range: { low: number; high: number };

  constructor(listening: Iterable<number>, range: { low: number; high: number }) {
    for (const port of listening) this.#listens[port] = 1;
    this.#range = range;
  }

  listensOn(port: number): boolean {
    return this.#listens[port] === 1;
  }

  endOf(local: number, remote: number): End {
    if (this.listensOn(local)) return "accepted";
    if (this.listensOn(remote)) return "made";
    // Bound, and not connected to anybody.
    if (remote === 0) return "accepted";
    const localIsTaken = this.isEphemeral(local);
    if (localIsTaken === this.isEphemeral(remote)) return "unclear";
    return localIsTaken ? "made" : "accepted";
  }

  isEphemeral(port: number): boolean {
    return port >= this.#range.low && port <= this.#range.high;
  }
}
