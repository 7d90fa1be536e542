import { MALFORMED, SERVER_CLOSED } from "./failure-kind.js";
import type { HeadLimits } from "./budget.js";
import { ChunkReader } from "./chunk-reader.js";
import type { Fault } from "./fault.js";
import { HeadReader } from "./head-reader.js";
import { SameHead } from "./same-head.js";

/** The connection ended in the middle of a response. */
export const TRUNCATED = "truncated-response";

/** Node's own limit for a whole head is 16 KiB; lines get as much here, so that no server is refused that Node takes. */
const LIMITS: HeadLimits = { lineBytes: 16 * 1024, headBytes: 64 * 1024 };

export type ResponseState =
  /** No byte of a response has come since the last reset. */
  "idle" | "head" | "body" | "complete" | "failed";

export type ResponseError = typeof MALFORMED | typeof TRUNCATED | typeof SERVER_CLOSED;

export interface ParserOptions {
  limits?: HeadLimits;
  /** Bytes after a response are the next one's, not an error. */
  pipelining?: boolean;
}

/**
 * Reads the responses of one HTTP/1.1 connection as their bytes come in (RFC 9112), one after the other: `push` until
 * `state` is `complete` or `failed`, then `reset` for the next. It makes no objects while it reads, so that one of
 * it serves a connection for its whole life.
 *
 * Interim responses (1xx) are read and forgotten. The body is counted and not kept.
 */
export class ResponseParser {
  readonly #head: HeadReader;
  /** While it holds a head, `#head` tells what that one said. */
  readonly #last = new SameHead();
  readonly #chunks: ChunkReader;
  readonly #pipelining: boolean;
  #state: ResponseState = "idle";
  #body: "sized" | "chunked" | "until-close" = "sized";
  #left = 0;
  #bodyBytes = 0;
  #keepAlive = false;
  #withoutBody = false;
  #error: ResponseError | null = null;
  #fault: Fault | null = null;

  constructor({ limits = LIMITS, pipelining = false }: ParserOptions = {}) {
    this.#head = new HeadReader(limits);
    this.#chunks = new ChunkReader(limits);
    this.#pipelining = pipelining;
  }

  get state(): ResponseState {
    return this.#state;
  }

  /** Of the response, or of an interim one that is being read; 0 while it is not known. */
  get status(): number {
    return this.#state === "idle" ? 0 : this.#head.status;
  }

  /** The connection may carry another request. Only true once the response is complete. */
  get keepAlive(): boolean {
    return this.#keepAlive && this.#state === "complete";
  }

  /** Octets of the body so far, without the framing of chunks. */
  get bodyBytes(): number {
    return this.#body === "chunked" ? this.#chunks.dataBytes : this.#bodyBytes;
  }

  /** Why `state` is `failed`; else null. */
  get error(): ResponseError | null {
    return this.#error;
  }

  /** What is wrong with a malformed response; else null. */
  get fault(): Fault | null {
    return this.#fault;
  }

  /** The next bytes are a new response. `toHead`: the request was a HEAD, so that no body follows. */
  reset(toHead = false): void {
    this.#state = "idle";
    this.#body = "sized";
    this.#left = 0;
    this.#bodyBytes = 0;
    this.#withoutBody = toHead;
    this.#error = null;
    this.#fault = null;
  }

  /**
   * Takes the bytes from `start` to before `end` and returns where it stopped: `end`; with `pipelining` the first byte
   * after the response; or, once `state` is `failed`, the byte that is wrong.
   */
  push(buffer: Uint8Array, start: number, end: number): number {
    let at = start;
    while (at < end) {
      switch (this.#state) {
        case "idle":
          at = this.#beginHead(buffer, at, end);
          break;
        case "head":
          at = this.#readHead(buffer, at, end);
          break;
        case "body":
          at = this.#readBody(buffer, at, end);
          break;
        case "complete":
          if (!this.#pipelining) this.#malformed("surplus-bytes");
          return at;
        case "failed":
          return at;
      }
    }
    return at;
  }

  /** The server has sent its FIN: that completes a body that lasts until then, and cuts any other short. */
  end(): void {
    if (this.#state === "complete" || this.#state === "failed") return;
    if (this.#state === "body" && this.#body === "until-close") this.#state = "complete";
    else this.#fail(this.#state === "idle" ? SERVER_CLOSED : TRUNCATED);
  }

  #beginHead(buffer: Uint8Array, start: number, end: number): number {
    this.#state = "head";
    const same = this.#last.skip(buffer, start, end);
    if (same > start) {
      this.#afterHead();
      return same;
    }
    this.#last.forget();
    this.#head.restart();
    const at = this.#readHead(buffer, start, end);
    if (this.#head.done && this.#error === null) this.#last.keep(buffer, start, at);
    return at;
  }

  #readHead(buffer: Uint8Array, start: number, end: number): number {
    const head = this.#head;
    const at = head.read(buffer, start, end);
    if (head.fault !== null) this.#malformed(head.fault);
    else if (head.done) this.#afterHead();
    return at;
  }

  /** RFC 9112 section 6.3, in its order. */
  #afterHead(): void {
    const { status, minor, framing } = this.#head;
    if (framing.coded && framing.contentLength >= 0) return this.#malformed("two-lengths");
    if (status === 101) return this.#malformed("upgrade");
    if (status < 200) return this.#head.next();
    // A transfer coding that HTTP/1.0 does not know leaves it open where the next response begins (section 6.1).
    this.#keepAlive = !framing.close && (minor > 0 || (framing.keepAlive && !framing.coded));
    if (this.#withoutBody || status === 204 || status === 304) {
      this.#state = "complete";
    } else if (framing.chunked) {
      this.#chunks.restart();
      this.#body = "chunked";
      this.#state = "body";
    } else if (framing.coded || framing.contentLength < 0) {
      this.#keepAlive = false;
      this.#body = "until-close";
      this.#state = "body";
    } else {
      this.#left = framing.contentLength;
      this.#state = this.#left === 0 ? "complete" : "body";
    }
  }

  #readBody(buffer: Uint8Array, start: number, end: number): number {
    if (this.#body === "chunked") return this.#readChunks(buffer, start, end);
    const taken = this.#body === "sized" ? Math.min(this.#left, end - start) : end - start;
    this.#bodyBytes += taken;
    if (this.#body === "until-close") return end;
    this.#left -= taken;
    if (this.#left === 0) this.#state = "complete";
    return start + taken;
  }

  #readChunks(buffer: Uint8Array, start: number, end: number): number {
    const chunks = this.#chunks;
    const at = chunks.read(buffer, start, end);
    if (chunks.fault !== null) this.#malformed(chunks.fault);
    else if (chunks.done) this.#state = "complete";
    return at;
  }

  #malformed(fault: Fault): void {
    this.#fail(MALFORMED);
    this.#fault = fault;
  }

  #fail(error: ResponseError): void {
    this.#state = "failed";
    this.#error = error;
  }
}
