import { COMMA, HTAB, NINE, octets, SP, TOKEN_LOWER, ZERO } from "./bytes.js";
import type { Fault } from "./fault.js";

/** The fields that say where a response ends and whether the connection lasts; `other` is every other field. */
export type FramingField = "content-length" | "connection" | "transfer-encoding" | "other";

const CONTENT_LENGTH = octets("content-length");
const CONNECTION = octets("connection");
const TRANSFER_ENCODING = octets("transfer-encoding");
const CLOSE = octets("close");
const KEEP_ALIVE = octets("keep-alive");
const CHUNKED = octets("chunked");

/** Of the names of framing fields. */
export const LONGEST_NAME = TRANSFER_ENCODING.length;
/** One more than the longest word that means something in a value. */
const WORD_SPACE = KEEP_ALIVE.length + 1;

/** Which field the name from `start` to before `end` is, in whatever case it is written. */
export function framingField(buffer: Uint8Array, start: number, end: number): FramingField {
  switch (end - start) {
    case CONTENT_LENGTH.length:
      return holds(buffer, start, CONTENT_LENGTH) ? "content-length" : "other";
    case CONNECTION.length:
      return holds(buffer, start, CONNECTION) ? "connection" : "other";
    case TRANSFER_ENCODING.length:
      return holds(buffer, start, TRANSFER_ENCODING) ? "transfer-encoding" : "other";
    default:
      return "other";
  }
}

/** Takes in the values of the framing fields, in any number of pieces: RFC 9112 sections 6 and 9. */
export class Framing {
  /** -1: none was given. */
  contentLength = -1;
  /** A Transfer-Encoding was given. */
  coded = false;
  /** The last transfer coding is `chunked`. */
  chunked = false;
  close = false;
  keepAlive = false;
  fault: Fault | null = null;
  #field: FramingField = "other";
  /** Octets of the list element so far, without the white space around it. */
  #length = 0;
  #spaceAfter = false;
  #number = 0;
  /** The element itself, in lower case, as far as it can be a word that means something. */
  readonly #word = new Uint8Array(WORD_SPACE);

  restart(): void {
    this.contentLength = -1;
    this.coded = false;
    this.chunked = false;
    this.close = false;
    this.keepAlive = false;
    this.fault = null;
  }

  beginField(field: FramingField): void {
    this.#field = field;
    this.#beginElement();
  }

  /** The next octets of the value, without its line end. Returns `end`, or the octet that is a fault. */
  take(buffer: Uint8Array, start: number, end: number): number {
    for (let at = start; at < end; at++) {
      const octet = buffer[at] as number;
      if (octet === COMMA) {
        this.#endElement();
        this.#beginElement();
      } else if (octet === SP || octet === HTAB) {
        this.#spaceAfter = this.#length > 0;
      } else if (this.#field === "content-length") {
        this.#takeDigit(octet);
      } else {
        this.#takeLetter(octet);
      }
      if (this.fault !== null) return at;
    }
    return end;
  }

  endField(): void {
    this.#endElement();
  }

  #takeDigit(octet: number): void {
    this.#number = this.#number * 10 + (octet - ZERO);
    this.#length++;
    if (octet < ZERO || octet > NINE || this.#spaceAfter || this.#number > Number.MAX_SAFE_INTEGER) {
      this.fault = "content-length";
    }
  }

  #takeLetter(octet: number): void {
    // What is no token octet, or stands after a space, makes the element another word than those known here.
    const letter = this.#spaceAfter ? 0 : (TOKEN_LOWER[octet] as number);
    if (this.#length < WORD_SPACE) this.#word[this.#length] = letter;
    this.#length++;
    this.#spaceAfter = false;
  }

  #beginElement(): void {
    this.#length = 0;
    this.#spaceAfter = false;
    this.#number = 0;
  }

  #endElement(): void {
    switch (this.#field) {
      case "content-length":
        // A list of equal numbers is what a sender's duplicates can become on the way (RFC 9110 section 8.6).
        if (this.#length === 0 || (this.contentLength >= 0 && this.contentLength !== this.#number)) {
          this.fault = "content-length";
        }
        this.contentLength = this.#number;
        return;
      case "connection":
        if (this.#is(CLOSE)) this.close = true;
        else if (this.#is(KEEP_ALIVE)) this.keepAlive = true;
        return;
      case "transfer-encoding":
        if (this.#length > 0) this.#endCoding();
        return;
      case "other":
    }
  }

  #endCoding(): void {
    // `chunked` twice, or with a parameter, is an error (RFC 9112 sections 6.1 and 7.1).
    const again = this.chunked && this.#is(CHUNKED);
    const withMore = this.#length > CHUNKED.length && holds(this.#word, 0, CHUNKED) && this.#word[CHUNKED.length] === 0;
    if (again || withMore) this.fault = "transfer-encoding";
    this.coded = true;
    this.chunked = this.#is(CHUNKED);
  }

  #is(word: Uint8Array): boolean {
    return this.#length === word.length && holds(this.#word, 0, word);
  }
}

/** The token octets at `start` are this word. */
function holds(buffer: Uint8Array, start: number, word: Uint8Array): boolean {
  for (let i = 0; i < word.length; i++) if (TOKEN_LOWER[buffer[start + i] as number] !== word[i]) return false;
  return true;
}
