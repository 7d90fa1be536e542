import { Budget, type HeadLimits } from "./budget.js";
import { CR, FIELD_OCTET, HEX_VALUE, HTAB, LF, NO_HEX_DIGIT, SEMICOLON, SP } from "./bytes.js";
import type { Fault } from "./fault.js";
import { FieldReader } from "./field-reader.js";

type Step =
  | "first-digit"
  | "size"
  | "space"
  | "extension"
  | "size-line-feed"
  | "data"
  | "data-end"
  | "data-line-feed"
  | "trailers";

/** Reads a body in chunks with its trailers (RFC 9112 section 7.1). Chunk extensions and trailers mean nothing to it. */
export class ChunkReader {
  done = false;
  fault: Fault | null = null;
  /** Octets of data so far, without the framing around them. */
  dataBytes = 0;
  readonly #budget: Budget;
  readonly #trailers: FieldReader;
  #step: Step = "first-digit";
  /** Of the chunk that is being read; then how much of it is still to come. */
  #size = 0;

  constructor(limits: HeadLimits) {
    this.#budget = new Budget(limits);
    this.#trailers = new FieldReader(this.#budget, null);
  }

  restart(): void {
    this.done = false;
    this.fault = null;
    this.dataBytes = 0;
    this.#budget.restart();
    this.#trailers.restart();
    this.#step = "first-digit";
    this.#size = 0;
  }

  /** Returns where it stopped: after the body, at a fault, or at `end`. */
  read(buffer: Uint8Array, start: number, end: number): number {
    let at = start;
    while (at < end && !this.done && this.fault === null) {
      switch (this.#step) {
        case "data":
          at = this.#skipData(at, end);
          break;
        case "data-end":
          if (buffer[at] === CR) at = this.#go("data-line-feed", at);
          else this.fault = "chunk-end";
          break;
        case "data-line-feed":
          if (buffer[at] === LF) at = this.#go("first-digit", at);
          else this.fault = "chunk-end";
          break;
        case "trailers":
          at = this.#trailers.read(buffer, at, end);
          this.done = this.#trailers.done;
          this.fault = this.#trailers.fault;
          break;
        case "first-digit":
        case "size":
        case "space":
        case "extension":
        case "size-line-feed":
          at = this.#readSizeLine(buffer, at, end);
      }
    }
    return at;
  }

  #skipData(at: number, end: number): number {
    const taken = Math.min(this.#size, end - at);
    this.#size -= taken;
    this.dataBytes += taken;
    if (this.#size === 0) this.#step = "data-end";
    return at + taken;
  }

  #readSizeLine(buffer: Uint8Array, start: number, end: number): number {
    const left = this.#budget.left;
    if (left === 0) this.fault = this.#budget.overrun;
    const stop = Math.min(end, start + left);
    let at = start;
    while (at < stop && !this.#afterSizeLine()) {
      this.#takeOfSizeLine(buffer[at] as number);
      if (this.fault !== null) return at;
      at++;
    }
    this.#budget.spend(at - start);
    // There may be any number of chunks; only a line, and the trailers, have limits.
    if (this.#afterSizeLine()) this.#budget.restart();
    return at;
  }

  #afterSizeLine(): boolean {
    return this.#step === "data" || this.#step === "trailers";
  }

  #takeOfSizeLine(octet: number): void {
    switch (this.#step) {
      case "first-digit":
      case "size":
        if (HEX_VALUE[octet] !== NO_HEX_DIGIT) this.#takeDigit(HEX_VALUE[octet] as number);
        else if (this.#step === "first-digit") this.fault = "chunk-size";
        else this.#afterSize(octet);
        return;
      case "space":
        this.#afterSize(octet);
        return;
      case "extension":
        if (octet === CR) this.#step = "size-line-feed";
        else if (FIELD_OCTET[octet] === 0) this.fault = "chunk-extension";
        return;
      case "size-line-feed":
        if (octet !== LF) this.fault = "line-end";
        else this.#step = this.#size === 0 ? "trailers" : "data";
        return;
      case "data":
      case "data-end":
      case "data-line-feed":
      case "trailers":
    }
  }

  #takeDigit(value: number): void {
    this.#step = "size";
    this.#size = this.#size * 16 + value;
    if (this.#size > Number.MAX_SAFE_INTEGER) this.fault = "chunk-size";
  }

  #afterSize(octet: number): void {
    if (octet === CR) this.#step = "size-line-feed";
    else if (octet === SEMICOLON) this.#step = "extension";
    // Some servers pad the size with spaces.
    else if (octet === SP || octet === HTAB) this.#step = "space";
    else this.fault = octet === LF ? "line-end" : "chunk-size";
  }

  #go(step: Step, at: number): number {
    this.#step = step;
    return at + 1;
  }
}
