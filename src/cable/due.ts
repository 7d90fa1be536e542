const FIRST_ROOM = 1024;

/** What is to be done at a time, the earliest first, and of the same time in the order in which it came. A binary heap. */
export class DueQueue {
  #times = new Float64Array(FIRST_ROOM);
  #turns = new Float64Array(FIRST_ROOM);
  #items = new Uint32Array(FIRST_ROOM);
  #size = 0;
  #turn = 0;

  get size(): number {
    return this.#size;
  }

  /** Infinity when there is nothing. */
  get earliest(): number {
    return this.#size === 0 ? Infinity : this.#times[0]!;
  }

  put(time: number, item: number): void {
    if (this.#size === this.#times.length) this.#grow();
    const turn = this.#turn++;
    let at = this.#size++;
    while (at > 0) {
      const above = (at - 1) >> 1;
      if (!this.#precedes(time, turn, above)) break;
      this.#move(above, at);
      at = above;
    }
    this.#set(at, time, turn, item);
  }

  /** The item that is due first. There has to be one. */
  take(): number {
    const first = this.#items[0]!;
    const last = --this.#size;
    const time = this.#times[last]!;
    const turn = this.#turns[last]!;
    const item = this.#items[last]!;
    let at = 0;
    for (;;) {
      let below = 2 * at + 1;
      if (below >= last) break;
      if (below + 1 < last && this.#precedes(this.#times[below + 1]!, this.#turns[below + 1]!, below)) below++;
      if (this.#precedes(time, turn, below)) break;
      this.#move(below, at);
      at = below;
    }
    this.#set(at, time, turn, item);
    return first;
  }

  #precedes(time: number, turn: number, at: number): boolean {
    const other = this.#times[at]!;
    return time < other || (time === other && turn < this.#turns[at]!);
  }

  #move(from: number, to: number): void {
    this.#set(to, this.#times[from]!, this.#turns[from]!, this.#items[from]!);
  }

  #set(at: number, time: number, turn: number, item: number): void {
    this.#times[at] = time;
    this.#turns[at] = turn;
    this.#items[at] = item;
  }

  #grow(): void {
    const room = this.#times.length * 2;
    const [times, turns, items] = [this.#times, this.#turns, this.#items];
    this.#times = new Float64Array(room);
    this.#times.set(times);
    this.#turns = new Float64Array(room);
    this.#turns.set(turns);
    this.#items = new Uint32Array(room);
    this.#items.set(items);
  }
}
