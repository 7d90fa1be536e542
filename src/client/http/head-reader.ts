import { Budget, type HeadLimits } from "./budget.js";
import { CR, FIELD_OCTET, LF, octets, SP, ZERO } from "./bytes.js";
import type { Fault } from "./fault.js";
import { FieldReader } from "./field-reader.js";
import { Framing } from "./framing.js";

const PROTOCOL = octets("HTTP/1.");
const MAJOR_AT = 5;
/** `HTTP/1.1 200`: what has a fixed place in the status line (RFC 9112 section 4). */
const MINOR_AT = 7;
const STATUS_AT = 9;
const STATUS_END = 12;

type Step = "fixed" | "reason" | "line-feed" | "fields";

/** Reads the head of one response: status line and fields. */
export class HeadReader {
  readonly framing = new Framing();
  done = false;
  fault: Fault | null = null;
  /** 0 while it is not known. */
  status = 0;
  /** The x of HTTP/1.x. */
  minor = 1;
  readonly #budget: Budget;
  readonly #fields: FieldReader;
  #step: Step = "fixed";
  #index = 0;

  constructor(limits: HeadLimits) {
    this.#budget = new Budget(limits);
    this.#fields = new FieldReader(this.#budget, this.framing);
  }

  restart(): void {
    this.#budget.restart();
    this.next();
  }

  /** The head after one of an interim response: it has to live within the same limits. */
  next(): void {
    this.done = false;
    this.fault = null;
    this.status = 0;
    this.#step = "fixed";
    this.#index = 0;
    this.#budget.nextLine();
    this.#fields.restart();
    this.framing.restart();
  }

  /** Returns where it stopped: after the head, at a fault, or at `end`. */
  read(buffer: Uint8Array, start: number, end: number): number {
    let at = start;
    if (this.#step !== "fields") {
      at = this.#readStatusLine(buffer, start, end);
      if (!this.#inFields()) return at;
    }
    at = this.#fields.read(buffer, at, end);
    this.done = this.#fields.done;
    this.fault = this.#fields.fault;
    return at;
  }

  #inFields(): boolean {
    return this.#step === "fields";
  }

  /** At most as far as the limits allow: what follows is for the next call to refuse. */
  #readStatusLine(buffer: Uint8Array, start: number, end: number): number {
    const left = this.#budget.left;
    if (left === 0) this.fault = this.#budget.overrun;
    const stop = Math.min(end, start + left);
    let at = this.#index === 0 ? this.#takeWholeStatusLine(buffer, start, stop) : start;
    if (at === start) at = this.#takeStatusLine(buffer, start, stop);
    this.#budget.spend(at - start);
    if (this.#inFields()) this.#budget.nextLine();
    return at;
  }

  /** Returns where the fields begin; `start` when the line is cut off, has no reason, or has a fault. */
  #takeWholeStatusLine(buffer: Uint8Array, start: number, stop: number): number {
    if (start + STATUS_END >= stop || buffer[start + MINOR_AT + 1] !== SP || buffer[start + STATUS_END] !== SP) {
      return start;
    }
    for (let i = 0; i < MINOR_AT; i++) if (buffer[start + i] !== PROTOCOL[i]) return start;
    const minor = (buffer[start + MINOR_AT] as number) - ZERO;
    const hundreds = (buffer[start + STATUS_AT] as number) - ZERO;
    const tens = (buffer[start + STATUS_AT + 1] as number) - ZERO;
    const ones = (buffer[start + STATUS_AT + 2] as number) - ZERO;
    if (!isDigit(minor) || !isDigit(hundreds) || hundreds === 0 || !isDigit(tens) || !isDigit(ones)) return start;
    let at = start + STATUS_END;
    while (at < stop && FIELD_OCTET[buffer[at] as number] === 1) at++;
    if (at + 1 >= stop || buffer[at] !== CR || buffer[at + 1] !== LF) return start;
    this.minor = minor;
    this.status = hundreds * 100 + tens * 10 + ones;
    this.#step = "fields";
    return at + 2;
  }

  #takeStatusLine(buffer: Uint8Array, start: number, stop: number): number {
    for (let at = start; at < stop; at++) {
      const octet = buffer[at] as number;
      switch (this.#step) {
        case "fixed":
          this.#readFixed(octet);
          break;
        case "reason":
          if (octet === CR) this.#step = "line-feed";
          else if (FIELD_OCTET[octet] === 0) this.fault = octet === LF ? "line-end" : "field-value";
          break;
        case "line-feed":
          if (octet !== LF) {
            this.fault = "line-end";
            break;
          }
          this.#step = "fields";
          return at + 1;
        case "fields":
      }
      if (this.fault !== null) return at;
    }
    return stop;
  }

  #readFixed(octet: number): void {
    const index = this.#index++;
    const digit = octet - ZERO;
    if (index < MINOR_AT) {
      if (octet !== PROTOCOL[index]) this.fault = index === MAJOR_AT && isDigit(digit) ? "version" : "status-line";
    } else if (index === MINOR_AT) {
      this.minor = digit;
      if (!isDigit(digit)) this.fault = "status-line";
    } else if (index < STATUS_AT) {
      if (octet !== SP) this.fault = "status-line";
    } else if (index < STATUS_END) {
      this.status = this.status * 10 + digit;
      if (!isDigit(digit) || (index === STATUS_AT && digit === 0)) this.fault = "status-line";
    } else if (octet === SP) {
      this.#step = "reason";
    } else if (octet === CR) {
      // The space belongs there even without a reason, but nothing hangs on it, and other clients do without.
      this.#step = "line-feed";
    } else {
      this.fault = octet === LF ? "line-end" : "status-line";
    }
  }
}

function isDigit(value: number): boolean {
  return value >= 0 && value <= 9;
}
