import type { Budget } from "./budget.js";
import { COLON, CR, FIELD_OCTET, HTAB, LF, SP, TOKEN_LOWER } from "./bytes.js";
import type { Fault } from "./fault.js";
import { framingField, LONGEST_NAME, type Framing, type FramingField } from "./framing.js";

type Step = "line" | "name" | "value" | "line-feed" | "last-line-feed";

/**
 * Reads field lines up to the empty line that ends them (RFC 9112 section 5): the fields of a head, or trailers.
 *
 * There are two ways through a line. A whole and valid one, nearly every one in practice, is read with nothing but local
 * variables; for whatever is not, step by step, what was seen is kept from one octet to the next.
 */
export class FieldReader {
  done = false;
  fault: Fault | null = null;
  readonly #budget: Budget;
  /** null: no field means anything, as among trailers. */
  readonly #framing: Framing | null;
  #step: Step = "line";
  /** The beginning of a name that came in several pieces; it may be longer than what is kept of it. */
  readonly #name = new Uint8Array(LONGEST_NAME);
  #nameLength = 0;
  #field: FramingField = "other";

  constructor(budget: Budget, framing: Framing | null) {
    this.#budget = budget;
    this.#framing = framing;
  }

  restart(): void {
    this.done = false;
    this.fault = null;
    this.#step = "line";
  }

  /** Returns where it stopped: after the empty line, at a fault, or at `end`. */
  read(buffer: Uint8Array, start: number, end: number): number {
    const budget = this.#budget;
    let at = start;
    while (at < end && !this.done && this.fault === null) {
      const left = budget.left;
      if (left === 0) return this.#fail(budget.overrun, at);
      const stop = Math.min(end, at + left);
      let next = this.#step === "line" ? this.#readWholeLine(buffer, at, stop) : at;
      if (next === at) next = this.#readLine(buffer, at, stop);
      budget.spend(next - at);
      if (this.#step === "line") budget.nextLine();
      at = next;
    }
    return at;
  }

  /** Returns where the next line begins; `start` when the line is cut off, is the empty one or has a fault. */
  #readWholeLine(buffer: Uint8Array, start: number, stop: number): number {
    let at = start;
    while (at < stop && TOKEN_LOWER[buffer[at] as number] !== 0) at++;
    const nameEnd = at;
    if (at === start || at >= stop || buffer[at] !== COLON) return start;
    at++;
    while (at < stop && FIELD_OCTET[buffer[at] as number] === 1) at++;
    if (at + 1 >= stop || buffer[at] !== CR || buffer[at + 1] !== LF) return start;
    const framing = this.#framing;
    const field = framing === null ? "other" : framingField(buffer, start, nameEnd);
    if (framing !== null && field !== "other") {
      framing.beginField(field);
      const valueEnd = framing.take(buffer, nameEnd + 1, at);
      framing.endField();
      if (framing.fault !== null) return this.#fail(framing.fault, valueEnd);
    }
    return at + 2;
  }

  #readLine(buffer: Uint8Array, start: number, stop: number): number {
    let at = start;
    while (at < stop && this.fault === null) {
      switch (this.#step) {
        case "line":
          at = this.#beginLine(buffer[at] as number, at);
          break;
        case "name":
          at = this.#readName(buffer, at, stop);
          break;
        case "value":
          at = this.#readValue(buffer, at, stop);
          break;
        case "line-feed":
          if (buffer[at] !== LF) return this.#fail("line-end", at);
          this.#step = "line";
          return at + 1;
        case "last-line-feed":
          if (buffer[at] !== LF) return this.#fail("line-end", at);
          this.done = true;
          return at + 1;
      }
    }
    return at;
  }

  #beginLine(octet: number, at: number): number {
    if (octet === CR) {
      this.#step = "last-line-feed";
      return at + 1;
    }
    if (octet === SP || octet === HTAB) return this.#fail("obs-fold", at);
    if (octet === COLON) return this.#fail("field-name", at);
    this.#step = "name";
    this.#nameLength = 0;
    return at;
  }

  #readName(buffer: Uint8Array, start: number, stop: number): number {
    for (let at = start; at < stop; at++) {
      const octet = buffer[at] as number;
      if (TOKEN_LOWER[octet] === 0) {
        if (octet !== COLON) return this.#fail(octet === LF ? "line-end" : "field-name", at);
        this.#beginValue();
        return at + 1;
      }
      if (this.#nameLength < LONGEST_NAME) this.#name[this.#nameLength] = octet;
      this.#nameLength++;
    }
    return stop;
  }

  #beginValue(): void {
    this.#step = "value";
    this.#field = this.#framing === null ? "other" : framingField(this.#name, 0, this.#nameLength);
    if (this.#field !== "other") this.#framing?.beginField(this.#field);
  }

  #readValue(buffer: Uint8Array, start: number, stop: number): number {
    let at = start;
    while (at < stop && FIELD_OCTET[buffer[at] as number] === 1) at++;
    const framing = this.#field === "other" ? null : this.#framing;
    if (framing !== null) {
      at = framing.take(buffer, start, at);
      if (framing.fault !== null) return this.#fail(framing.fault, at);
    }
    if (at === stop) return at;
    const octet = buffer[at];
    if (octet !== CR) return this.#fail(octet === LF ? "line-end" : "field-value", at);
    if (framing !== null) {
      framing.endField();
      if (framing.fault !== null) return this.#fail(framing.fault, at);
    }
    this.#step = "line-feed";
    return at + 1;
  }

  #fail(fault: Fault, at: number): number {
    this.fault = fault;
    return at;
  }
}
