import { type ParserOptions, ResponseParser } from "../../../src/client/http/response-parser.js";

/** Everything that a parser tells of a response. */
export interface Reading {
  state: string;
  status: number;
  keepAlive: boolean;
  bodyBytes: number;
  error: string | null;
  fault: string | null;
  /** How many bytes were taken, over all pushes. */
  taken: number;
}

export interface ReadOptions extends ParserOptions {
  toHead?: boolean;
  /** The stream ends after the bytes. */
  fin?: boolean;
  /** Where the bytes are cut in two, in any order; more than once in the same place is an empty push. */
  cuts?: readonly number[];
  /** Takes the place of a new one, after a `reset`. */
  parser?: ResponseParser;
}

/** Reads a response given in Latin-1, in pieces, each of them in the middle of a buffer with other bytes around it. */
export function read(text: string, options: ReadOptions = {}): Reading {
  const { toHead = false, fin = false, cuts = [] } = options;
  const parser = options.parser ?? new ResponseParser(options);
  parser.reset(toHead);
  const borders = [0, ...cuts.map((cut) => cut % (text.length + 1)).toSorted((a, b) => a - b), text.length];
  let taken = 0;
  for (let i = 1; i < borders.length; i++) {
    const piece = text.slice(borders[i - 1], borders[i]);
    const padding = "\r\n\r\n HTTP/1.1 500 \0";
    const buffer = Buffer.from(padding + piece + padding, "latin1");
    const stop = parser.push(buffer, padding.length, padding.length + piece.length);
    taken += stop - padding.length;
    if (stop < padding.length + piece.length) break;
  }
  if (fin) parser.end();
  const { state, status, keepAlive, bodyBytes, error, fault } = parser;
  return { state, status, keepAlive, bodyBytes, error, fault, taken };
}
