import { PLACE_BYTES } from "../kernel/frame-port.js";
import { Memory } from "../kernel/memory.js";

const PLACES_AT_ONCE = 1024;
/** 128 MB. More than a cable of 100 ms has on it at 600,000 frames a second. */
const MOST_PLACES = 65_536;

/** Frames that are under way, each in a place of its own, known by its number. */
export class Frames {
  readonly #pieces: Memory[] = [];
  readonly #free: number[] = [];
  readonly #lengths = new Uint16Array(MOST_PLACES);
  readonly #ports = new Uint8Array(MOST_PLACES);
  readonly #directions = new Uint16Array(MOST_PLACES);

  /** null when there is no room for more. */
  keep(bytes: Buffer, from: number, length: number, to: { port: number; direction: number }): number | null {
    const place = this.#free.pop() ?? this.#grow();
    if (place === null) return null;
    const { bytes: piece } = this.#pieces[Math.floor(place / PLACES_AT_ONCE)]!;
    bytes.copy(piece, (place % PLACES_AT_ONCE) * PLACE_BYTES, from, from + length);
    this.#lengths[place] = length;
    this.#ports[place] = to.port;
    this.#directions[place] = to.direction;
    return place;
  }

  addressOf(place: number): number {
    return this.#pieces[Math.floor(place / PLACES_AT_ONCE)]!.address + (place % PLACES_AT_ONCE) * PLACE_BYTES;
  }

  lengthOf(place: number): number {
    return this.#lengths[place]!;
  }

  portOf(place: number): number {
    return this.#ports[place]!;
  }

  directionOf(place: number): number {
    return this.#directions[place]!;
  }

  free(place: number): void {
    this.#free.push(place);
  }

  #grow(): number | null {
    const first = this.#pieces.length * PLACES_AT_ONCE;
    if (first >= MOST_PLACES) return null;
    this.#pieces.push(Memory.ofLength(PLACES_AT_ONCE * PLACE_BYTES));
    for (let place = first + PLACES_AT_ONCE - 1; place > first; place--) this.#free.push(place);
    return first;
  }
}
