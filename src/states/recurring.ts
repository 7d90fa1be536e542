const PORTS = 65_536;

/** Of sockets whose end `Sides` leaves unclear: a service's port recurs, those that connect() takes do not. A guess. */
export class Recurring {
  readonly #locals = new Uint32Array(PORTS);
  readonly #remotes = new Uint32Array(PORTS);

  /** All of them have to be counted before the first is asked for. */
  count(local: number, remote: number): void {
    this.#locals[local]!++;
    this.#remotes[remote]!++;
  }

  /** `unclear` where neither port recurs more than the other. */
  endOf(local: number, remote: number): "accepted" | "made" | "unclear" {
    const more = this.#locals[local]! - this.#remotes[remote]!;
    return more > 0 ? "accepted" : more < 0 ? "made" : "unclear";
  }
}
