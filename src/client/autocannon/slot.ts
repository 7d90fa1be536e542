import { Socket } from "node:net";
import { CONNECT, REQUEST, type AutocannonClient } from "./inside.js";
import { Backoff } from "../pace/backoff.js";
import { failureKind, MALFORMED, SERVER_CLOSED, thrownIn, TIMED_OUT, UNFINISHED } from "../http/failure-kind.js";
import { Success } from "../http/success.js";
import type { LoadPlan } from "../../scenario/types.js";
import { type ConnectionNotes, connectionNotes } from "../books/notes.js";
import type { Slot } from "../pace/slots.js";
import type { LoadRecorder } from "../types.js";

type SlotPlan = Pick<LoadPlan, "connection" | "success">;

/**
 * The gates that one client of autocannon has to pass: each of its requests is written down before it is sent, and
 * each of its connections waits when the one before could not be made. What autocannon does between them is its own.
 *
 * Of autocannon's own accounts nothing is used: a request that it loses with a connection stays in its queue, so that
 * every later latency is measured from an older request, and no event tells of the loss.
 */
export class AutocannonSlot implements Slot {
  readonly finished: Promise<void>;
  readonly #client: AutocannonClient;
  readonly #recorder: LoadRecorder;
  readonly #mayStart: () => boolean;
  /** Every request says `Connection: close`. */
  readonly #asks: boolean;
  readonly #success: Success;
  readonly #connect: () => void;
  readonly #doRequest: () => void;
  readonly #execute: (chunk: Buffer) => unknown;
  readonly #backoff = new Backoff();
  /** Connections that are not yet closed: the one in use, and older ones whose end is still under way. */
  readonly #open = new Set<Socket>();
  #connected = false;
  #opening = false;
  #retry: NodeJS.Timeout | null = null;
  #startedMs: number | null = null;
  /** The request in flight was written while bytes were being parsed: what follows in them is not its answer. */
  #askedAmidBytes = false;
  #parsing = false;
  /** What the answer that is being read says of its connection. */
  #lasts = true;
  #over = false;
  #finish: () => void = () => {};

  /** To be made in autocannon's `setupClient`: the client has not connected yet. */
  constructor(client: AutocannonClient, recorder: LoadRecorder, mayStart: () => boolean, plan: SlotPlan) {
    this.#asks = plan.connection === "close";
    this.#success = new Success(plan);
    this.#client = client;
    this.#recorder = recorder;
    this.#mayStart = mayStart;
    this.#connect = client[CONNECT].bind(client);
    this.#doRequest = client[REQUEST].bind(client);
    this.finished = new Promise((resolve) => (this.#finish = resolve));
    this.#execute = client.parser.execute.bind(client.parser);
    client.parser.execute = (chunk) => this.#parse(chunk);
    client[CONNECT] = () => this.#replaceConnection();
    client[REQUEST] = () => this.#nextRequest();
    client.on("headers", (head) => {
      this.#lasts = lasts(head as unknown as Head);
      this.#notes?.answering();
    });
    client.on("response", (status) => this.#answered(status));
  }

  /** autocannon has started it already. */
  start(): void {}

  end(): void {
    this.#over = true;
    if (this.#retry !== null) clearTimeout(this.#retry);
    this.#retry = null;
    if (this.#startedMs === null) this.#close();
  }

  abandon(): void {
    this.#fail(UNFINISHED);
    this.end();
  }

  /**
   * What is not HTTP, and an answer that nobody asked for, end the connection. autocannon would wait for the end of the
   * former, take the latter for the answer to its next request, and throw when there is none.
   */
  #parse(chunk: Buffer): void {
    const { conn } = this.#client;
    this.#parsing = true;
    this.#askedAmidBytes = false;
    try {
      if (this.#execute(chunk) instanceof Error) this.#malformed(conn);
    } catch (error) {
      if (!thrownIn("autocannon", error)) throw error;
      this.#malformed(conn);
    } finally {
      this.#parsing = false;
    }
  }

  #malformed(conn: Socket | undefined): void {
    this.#fail(MALFORMED);
    if (conn === undefined) return;
    connectionNotes(conn).endedBecause("malformed");
    conn.destroy(new Error(MALFORMED));
  }

  #answered(status: number): void {
    if (this.#startedMs === null) return;
    if (this.#askedAmidBytes) return this.#malformed(this.#client.conn);
    this.#recorder.status(status);
    const failure = this.#success.failure(status);
    const nowMs = this.#recorder.now();
    if (failure === null) this.#recorder.succeeded(nowMs - this.#startedMs);
    else this.#recorder.failed(failure);
    this.#startedMs = null;
    this.#notes?.completed(nowMs, this.#asks ? "asked" : this.#lasts ? null : "answer");
  }

  #nextRequest(): void {
    if (!this.#opening && (this.#client.conn?.destroyed === true || !this.#goesOn())) return;
    this.#askedAmidBytes = this.#parsing;
    this.#recorder.sent();
    this.#startedMs = this.#recorder.now();
    this.#notes?.requested(this.#startedMs);
    this.#doRequest();
  }

  /** Of the connection in use. */
  get #notes(): ConnectionNotes | null {
    const { conn } = this.#client;
    return conn === undefined ? null : connectionNotes(conn);
  }

  /** autocannon asks for a connection at its start, and whenever one has ended, failed or timed out. */
  #replaceConnection(): void {
    const last = this.#client.conn;
    // A late error of a connection that was replaced asks too: a second one beside the new one would stay for good.
    if (this.#retry !== null || (last !== undefined && !last.destroyed && !last.readableEnded)) return;
    if (last !== undefined) this.#lost(last);
    if (!this.#goesOn()) return;
    if (last === undefined || this.#connected) this.#openConnection();
    else this.#retry = setTimeout(() => this.#goesOn() && this.#openConnection(), this.#backoff.next());
  }

  #openConnection(): void {
    this.#retry = null;
    this.#connected = false;
    // Half a response of the last connection would be taken for the beginning of the next one's first.
    this.#client.parser.reinitialize(this.#client.parser.type);
    this.#client.pipelinedRequests.clear();
    // It writes its first request at once; asked again, the load could just be over, and the connection for nothing.
    this.#opening = true;
    this.#connect();
    this.#opening = false;
    const socket = this.#client.conn;
    if (socket === undefined) return;
    this.#open.add(socket);
    socket.once("connect", () => {
      this.#connected = true;
      this.#backoff.connected();
    });
    socket.once("close", () => {
      this.#open.delete(socket);
      if (this.#client.destroyed) this.#finishIfClosed();
    });
  }

  #goesOn(): boolean {
    const goesOn = !this.#over && this.#mayStart();
    if (!goesOn) this.end();
    return goesOn;
  }

  #lost(last: Socket): void {
    const kind = howItEnded(last);
    if (kind === TIMED_OUT) connectionNotes(last).endedBecause("timeout");
    this.#fail(kind);
  }

  #fail(kind: string): void {
    if (this.#startedMs === null) return;
    this.#recorder.failed(kind);
    this.#startedMs = null;
  }

  #close(): void {
    // Later: autocannon counts its clients as done only once their constructor has returned.
    setImmediate(() => {
      // A load that was over before it began has no connection, and autocannon destroys one without a look.
      this.#client.conn ??= new Socket();
      this.#notes?.endedBecause("end-of-load");
      if (!this.#client.destroyed) this.#client.destroy();
      this.#finishIfClosed();
    });
  }

  #finishIfClosed(): void {
    if (this.#open.size === 0) this.#finish();
  }
}

/** autocannon destroys a connection without an error only when a request on it has timed out. */
function howItEnded(socket: Socket): string {
  if (socket.errored) return failureKind(socket.errored);
  return socket.readableEnded ? SERVER_CLOSED : TIMED_OUT;
}

/** What http-parser-js tells of a head. */
interface Head {
  shouldKeepAlive: boolean;
  statusCode: number;
  versionMinor: number;
  /** Names and values by turns. */
  headers: string[];
}

/** It says no too often: of answers that have no body. */
function lasts({ shouldKeepAlive, statusCode, versionMinor, headers }: Head): boolean {
  if (shouldKeepAlive) return true;
  const said = headers.filter((_, at) => headers[at - 1]?.toLowerCase() === "connection").join(",");
  const withoutBody = statusCode === 204 || statusCode === 304;
  return withoutBody && !/close/iu.test(said) && (versionMinor > 0 || /keep-alive/iu.test(said));
}
