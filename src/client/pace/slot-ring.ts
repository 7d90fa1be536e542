/** Numbers of slots, first in, first out; made once for all of them. */
export class SlotRing {
  readonly #ring: Int32Array;
  #first = 0;
  #count = 0;

  constructor(slots: number) {
    this.#ring = new Int32Array(slots);
  }

  get count(): number {
    return this.#count;
  }

  get full(): boolean {
    return this.#count === this.#ring.length;
  }

  push(slot: number): void {
    this.#ring[(this.#first + this.#count++) % this.#ring.length] = slot;
  }

  /** The slot that has waited longest. */
  shift(): number {
    const slot = this.#ring[this.#first] as number;
    this.#first = (this.#first + 1) % this.#ring.length;
    this.#count--;
    return slot;
  }
}
