import type { Budget } from "./budget.js";
import { COLON, CR, FIELD_OCTET, HTAB, LF, octets, SP, TOKEN_LOWER } from "./bytes.js";
import type { Fault } from "./fault.js";
import type { Framing, FramingField } from "./framing.js";

const NAMES: Record<Exclude<FramingField, "other">, Uint8Array> = {
  "content-length": octets("content-length"),
  connection: octets("connection"),
  "transfer-encoding": octets("transfer-encoding"),
};
/** Where `connection` and `content-length` part. */
const PARTING = 3;
const C = 0x63;
const N = 0x6e;
const T = 0x74;

type Step = "line" | "name" | "space" | "value" | "framing-value" | "line-feed" | "last-line-feed";

/** Reads field lines up to the empty line that ends them (RFC 9112 section 5): the fields of a head, or trailers. */
export class FieldReader {
  done = false;
  fault: Fault | null = null;
  readonly #budget: Budget;
  /** null: no field means anything, as among trailers. */
  readonly #framing: Framing | null;
  #step: Step = "line";
  /** What the name can still become; once it is read, what it is. */
  #field: FramingField = "other";
  #nameLength = 0;

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
    let at = start;
    while (at < end && !this.done && this.fault === null) {
      const left = this.#budget.left;
      if (left === 0) return this.#fail(this.#budget.overrun, at);
      const next = this.#readLine(buffer, at, Math.min(end, at + left));
      this.#budget.spend(next - at);
      at = next;
      if (this.#step === "line") this.#budget.nextLine();
    }
    return at;
  }

  #readLine(buffer: Uint8Array, start: number, stop: number): number {
    let at = start;
    while (at < stop) {
      switch (this.#step) {
        case "line":
          at = this.#beginLine(buffer[at] as number, at);
          break;
        case "name":
          at = this.#readName(buffer, at, stop);
          break;
        case "space":
          at = this.#skipSpace(buffer, at, stop);
          break;
        case "value":
          at = this.#skipValue(buffer, at, stop);
          break;
        case "framing-value":
          at = this.#readFramingValue(buffer, at, stop);
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
      if (this.fault !== null) return at;
    }
    return at;
  }

  #beginLine(octet: number, at: number): number {
    if (octet === CR) {
      this.#step = "last-line-feed";
      return at + 1;
    }
    if (octet === SP || octet === HTAB) return this.#fail("obs-fold", at);
    const letter = TOKEN_LOWER[octet] as number;
    if (letter === 0) return this.#fail(octet === LF ? "line-end" : "field-name", at);
    this.#step = "name";
    this.#nameLength = 1;
    this.#field =
      this.#framing === null ? "other" : letter === C ? "content-length" : letter === T ? "transfer-encoding" : "other";
    return at + 1;
  }

  #readName(buffer: Uint8Array, start: number, stop: number): number {
    let field = this.#field;
    for (let at = start; at < stop; at++) {
      const octet = buffer[at] as number;
      const letter = TOKEN_LOWER[octet] as number;
      if (letter === 0) {
        if (octet !== COLON) return this.#fail(octet === LF ? "line-end" : "field-name", at);
        const index = this.#nameLength + at - start;
        this.#field = field !== "other" && index === NAMES[field].length ? field : "other";
        this.#step = "space";
        return at + 1;
      }
      if (field !== "other") field = follow(field, this.#nameLength + at - start, letter);
    }
    this.#field = field;
    this.#nameLength += stop - start;
    return stop;
  }

  #skipSpace(buffer: Uint8Array, start: number, stop: number): number {
    for (let at = start; at < stop; at++) {
      const octet = buffer[at];
      if (octet === SP || octet === HTAB) continue;
      this.#step = "value";
      if (this.#field !== "other" && this.#framing !== null) {
        this.#step = "framing-value";
        this.#framing.beginField(this.#field);
      }
      return at;
    }
    return stop;
  }

  #skipValue(buffer: Uint8Array, start: number, stop: number): number {
    let at = start;
    while (at < stop && FIELD_OCTET[buffer[at] as number] === 1) at++;
    return at < stop ? this.#endValue(buffer[at] as number, at) : at;
  }

  #readFramingValue(buffer: Uint8Array, start: number, stop: number): number {
    const framing = this.#framing as Framing;
    for (let at = start; at < stop; at++) {
      const octet = buffer[at] as number;
      if (FIELD_OCTET[octet] === 1) framing.take(octet);
      else if (octet === CR) framing.endField();
      else return this.#endValue(octet, at);
      if (framing.fault !== null) return this.#fail(framing.fault, at);
      if (octet === CR) return this.#endValue(octet, at);
    }
    return stop;
  }

  #endValue(octet: number, at: number): number {
    if (octet !== CR) return this.#fail(octet === LF ? "line-end" : "field-value", at);
    this.#step = "line-feed";
    return at + 1;
  }

  #fail(fault: Fault, at: number): number {
    this.fault = fault;
    return at;
  }
}

/** What a name can still become with this letter at this place. */
function follow(field: Exclude<FramingField, "other">, index: number, letter: number): FramingField {
  if (NAMES[field][index] === letter) return field;
  return field === "content-length" && index === PARTING && letter === N ? "connection" : "other";
}
