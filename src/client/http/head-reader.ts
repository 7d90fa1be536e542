import { Budget, type HeadLimits } from "./budget.js";
import { CR, FIELD_OCTET, LF, NINE, octets, SP, ZERO } from "./bytes.js";
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
    const at = this.#takeStatusLine(buffer, start, Math.min(end, start + left));
    this.#budget.spend(at - start);
    if (this.#inFields()) this.#budget.nextLine();
    return at;
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
    if (index < MINOR_AT) {
      if (octet !== PROTOCOL[index]) this.fault = index === MAJOR_AT && isDigit(octet) ? "version" : "status-line";
    } else if (index === MINOR_AT) {
      this.minor = octet - ZERO;
      if (!isDigit(octet)) this.fault = "status-line";
    } else if (index < STATUS_AT) {
      if (octet !== SP) this.fault = "status-line";
    } else if (index < STATUS_END) {
      this.status = this.status * 10 + (octet - ZERO);
      if (!isDigit(octet) || (index === STATUS_AT && octet === ZERO)) this.fault = "status-line";
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

function isDigit(octet: number): boolean {
  return octet >= ZERO && octet <= NINE;
}
