import type { SocketAddress } from "../../kernel/socket-address.js";

/** Of struct sockaddr_in and sockaddr_in6 alike. */
const PORT_AT = 2;

/** The ports of a range, one after the other, round and round. */
export class PortWalk {
  readonly count: number;
  readonly #low: number;
  #next: number;

  /** Both ends included; `turn`: how many to leave out at first. */
  constructor(low: number, high: number, turn: number) {
    this.count = high - low + 1;
    this.#low = low;
    this.#next = turn % this.count;
  }

  writeNext(address: SocketAddress): void {
    address.memory.bytes.writeUInt16BE(this.#low + this.#next, PORT_AT);
    this.#next = this.#next + 1 === this.count ? 0 : this.#next + 1;
  }
}
