import type autocannon from "autocannon";
import type { Socket } from "node:net";

/** Opens a connection and writes the first request on it. */
export const CONNECT = "_connect";
/** Writes a request on the connection in use. */
export const REQUEST = "_doRequest";

/**
 * The parts of autocannon 9's client (lib/httpClient.js) that its typings leave out and that we hold on to. They are
 * looked up on the instance at each use, so that a gate put there is passed by every request and every connection.
 */
export interface AutocannonClient extends autocannon.Client {
  /** The connection in use; absent before the first. */
  conn?: Socket;
  destroyed: boolean;
  /** Milliseconds until a request has timed out. */
  timeout: number;
  /** http-parser-js, one for all connections of this client, never reset by it. */
  parser: { type: string; reinitialize(type: string): void; execute(chunk: Buffer): unknown };
  /** Requests written and not answered, the oldest first. Never emptied when a connection is replaced. */
  pipelinedRequests: { clear(): void };
  [CONNECT]: () => void;
  [REQUEST]: () => void;
  destroy(): void;
}

/** Throws when the installed autocannon is built otherwise: without its gates no book of it would be true. */
export function gatesOf(client: autocannon.Client): AutocannonClient {
  const known = client as AutocannonClient;
  const asKnown =
    has(known, CONNECT, "function") &&
    has(known, REQUEST, "function") &&
    has(known, "destroy", "function") &&
    has(known, "timeout", "number") &&
    has(known.parser, "reinitialize", "function") &&
    has(known.parser, "execute", "function") &&
    has(known.pipelinedRequests, "clear", "function");
  if (!asKnown) throw new Error("the client inside this version of autocannon is not the one that 9.x has");
  return known;
}

function has(object: object | undefined, part: string, type: "function" | "number"): boolean {
  return typeof (object as Record<string, unknown> | undefined)?.[part] === type;
}
