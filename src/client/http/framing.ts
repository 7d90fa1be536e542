import { COMMA, HTAB, NINE, octets, SP, TOKEN_LOWER, ZERO } from "./bytes.js";
import type { Fault } from "./fault.js";

/** The fields that say where a response ends and whether the connection lasts; `other` is every other field. */
export type FramingField = "content-length" | "connection" | "transfer-encoding" | "other";

const CLOSE = octets("close");
const KEEP_ALIVE = octets("keep-alive");
const CHUNKED = octets("chunked");
/** One more than the longest word that means something here. */
const WORD_SPACE = KEEP_ALIVE.length + 1;

/** Takes in the values of the framing fields octet by octet: RFC 9112 sections 6 and 9. */
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
  readonly #word = new Uint8Array(WORD_SPACE);
  #field: FramingField = "other";
  /** Octets of the list element so far, without the white space around it; it may have more than are kept. */
  #length = 0;
  #spaceAfter = false;
  #number = 0;

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

  /** The next octet of the value. */
  take(octet: number): void {
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
    const withParameter =
      this.#length > CHUNKED.length && this.#startsWith(CHUNKED) && this.#word[CHUNKED.length] === 0;
    if (again || withParameter) this.fault = "transfer-encoding";
    this.coded = true;
    this.chunked = this.#is(CHUNKED);
  }

  #is(word: Uint8Array): boolean {
    return this.#length === word.length && this.#startsWith(word);
  }

  #startsWith(word: Uint8Array): boolean {
    for (let i = 0; i < word.length; i++) if (this.#word[i] !== word[i]) return false;
    return true;
  }
}
