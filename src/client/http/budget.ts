import type { Fault } from "./fault.js";

/** How much of a response may be something else than its body, line ends included. */
export interface HeadLimits {
  lineBytes: number;
  /** The status line and all fields together, with the interim responses before them; trailers have it once more. */
  headBytes: number;
}

/** What is left of the limits. A reader never looks at more than `left` octets, however they come in. */
export class Budget {
  readonly #limits: HeadLimits;
  #line: number;
  #head: number;

  constructor(limits: HeadLimits) {
    this.#limits = limits;
    this.#line = limits.lineBytes;
    this.#head = limits.headBytes;
  }

  /** How many more octets this line may have. */
  get left(): number {
    return this.#line < this.#head ? this.#line : this.#head;
  }

  /** What it means that no octet is left and the line goes on. */
  get overrun(): Fault {
    return this.#head <= this.#line ? "head-too-long" : "line-too-long";
  }

  spend(octets: number): void {
    this.#line -= octets;
    this.#head -= octets;
  }

  nextLine(): void {
    this.#line = this.#limits.lineBytes;
  }

  restart(): void {
    this.#line = this.#limits.lineBytes;
    this.#head = this.#limits.headBytes;
  }
}
