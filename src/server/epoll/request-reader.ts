const END_OF_HEAD = Buffer.from("\r\n\r\n");
/** RFC 9112, section 9.3: HTTP/1.0 closes unless it says otherwise, later versions stay unless they say so. */
const SAYS_CLOSE = /^connection:[^\r\n]*\bclose\b/im;
const SAYS_KEEP_ALIVE = /^connection:[^\r\n]*\bkeep-alive\b/im;
const OLD_VERSION = /^[^\r\n]* HTTP\/1\.0\r/;
const LARGEST_HEAD = 65_536;

/** What bytes of a connection come to. */
export interface Requests {
  /** Whole requests in them. Bodies are not expected: what follows a head is the next one. */
  count: number;
  /** The last of them asks for the connection to be closed. */
  closes: boolean;
  /** What there is of the next; null for nothing. */
  rest: Buffer | null;
  /** More than any head may have. */
  tooLarge: boolean;
}

/** Reads just as much of requests as a server needs that answers them all alike. */
export class RequestReader {
  readonly #last = { bytes: Buffer.alloc(0), closes: false };

  /** @param rest what the last call left over of the same connection */
  read(piece: Buffer, rest: Buffer | null): Requests {
    const bytes = rest === null ? piece : Buffer.concat([rest, piece]);
    let count = 0;
    let start = 0;
    let closes = false;
    for (let end = bytes.indexOf(END_OF_HEAD); end >= 0; end = bytes.indexOf(END_OF_HEAD, start)) {
      count++;
      closes = this.#closes(bytes.subarray(start, end + END_OF_HEAD.length));
      start = end + END_OF_HEAD.length;
    }
    const left = bytes.length - start;
    return {
      count,
      closes,
      rest: left === 0 ? null : Buffer.from(bytes.subarray(start)),
      tooLarge: left > LARGEST_HEAD,
    };
  }

  /** A load client's requests are all the same: the last answer is mostly the next one's too. */
  #closes(head: Buffer): boolean {
    if (!head.equals(this.#last.bytes)) {
      const text = head.toString("latin1");
      this.#last.closes = SAYS_CLOSE.test(text) || (OLD_VERSION.test(text) && !SAYS_KEEP_ALIVE.test(text));
      this.#last.bytes = Buffer.from(head);
    }
    return this.#last.closes;
  }
}
