import { ResponseParser } from "../http/response-parser.js";

/**
 * Parsers for as many connections as there are, of which very few are in use: a response that comes in one piece, nearly
 * every one, goes through the same parser, which stays in the processor's cache and knows the head by the last one. Only
 * a response that comes in pieces keeps a parser between them.
 */
export class Parsers {
  /** By slot. */
  readonly #held = new Map<number, ResponseParser>();
  #heldCount = 0;
  readonly #idle: ResponseParser[] = [];
  /** No body comes with an answer. */
  readonly #toHead: boolean;
  #common: ResponseParser;

  constructor(toHead: boolean) {
    this.#toHead = toHead;
    this.#common = this.#fresh();
  }

  /** The one that has read the beginning of the slot's response, or one that has read nothing. */
  of(slot: number): ResponseParser {
    return this.#heldCount === 0 ? this.#common : (this.#held.get(slot) ?? this.#common);
  }

  /** The response goes on in what comes next. */
  hold(slot: number): void {
    if (this.#held.has(slot)) return;
    this.#held.set(slot, this.#common);
    this.#heldCount++;
    this.#common = this.#idle.pop() ?? this.#fresh();
  }

  /** The slot's response is over. */
  release(slot: number): void {
    const held = this.#heldCount === 0 ? undefined : this.#held.get(slot);
    if (held === undefined) {
      this.#common.reset(this.#toHead);
      return;
    }
    held.reset(this.#toHead);
    this.#held.delete(slot);
    this.#heldCount--;
    this.#idle.push(held);
  }

  #fresh(): ResponseParser {
    const parser = new ResponseParser();
    parser.reset(this.#toHead);
    return parser;
  }
}
