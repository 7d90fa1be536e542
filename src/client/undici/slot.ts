import type { IncomingHttpHeaders } from "node:http";
import { Client, errors, type Dispatcher, type buildConnector } from "undici";
import type { LoadPlan } from "../../scenario/types.js";
import { Backoff } from "../pace/backoff.js";
import type { Asked, InTurn } from "../http/asked.js";
import { failureKind, LIBRARY_BUG, TIMED_OUT, UNFINISHED } from "../http/failure-kind.js";
import { Success } from "../http/success.js";
import type { ConnectionNotes } from "../books/notes.js";
import { noteEnd, openConnection } from "./connection.js";
import type { PatientSocket } from "./patient-socket.js";
import { originOf } from "../target.js";
import type { Slot } from "../pace/slots.js";
import type { PacedSlot, TurnLoop } from "../pace/turn-loop.js";
import type { LoadRecorder, LoadTarget } from "../types.js";

/** Without one, undici makes an error of its own for each closed connection, with a stack and two system calls. */
const DONE = new errors.InformationalError("done");
/** An idle connection is closed so much before the server would do it: a request and the server's FIN could meet. */
const IDLE_MARGIN_MS = 500;

/** What all slots of a load have in common. */
export interface SlotParts {
  plan: LoadPlan;
  target: LoadTarget;
  recorder: LoadRecorder;
  /** Asked before each request: the load's time may be over, or its requests all sent. */
  mayStart: () => boolean;
  /** Gives the slot its requests; null: the slot makes the next one by itself. */
  loop: TurnLoop | null;
  asked: Asked;
  /** Paths, in turn for all slots. */
  paths: InTurn<string>;
}

/**
 * One request at a time over one connection of its own, the next at once or when the loop says so (for a pace, or after a
 * pause). Its request goes through a real undici `Client`; ours are only the socket under it and the decision who
 * closes.
 */
export class UndiciSlot implements Slot, PacedSlot, Dispatcher.DispatchHandler {
  /** Resolves when the slot has made its last request and its connection is closed. */
  readonly finished: Promise<void>;
  readonly #plan: LoadPlan;
  readonly #target: LoadTarget;
  readonly #recorder: LoadRecorder;
  readonly #mayStart: () => boolean;
  readonly #loop: TurnLoop | null;
  readonly #asked: Asked;
  readonly #paths: InTurn<string>;
  readonly #success: Success;
  readonly #idleMarginMs: number;
  readonly #client: Client;
  readonly #backoff = new Backoff();
  #socket: PatientSocket | null = null;
  #retry: NodeJS.Timeout | null = null;
  #startedMs: number | null = null;
  /** When it was handed to its connection. */
  #handedMs = 0;
  /** When it was meant to start; what its latency counts from. */
  #intendedMs = 0;
  /** It has told the loop that it is free. */
  #free = false;
  #status = 0;
  /** Of the connection in use. */
  #notes: ConnectionNotes | null = null;
  /** Its request says `Connection: close`. */
  #asks = false;
  /** What the last answer says of how long the server keeps an idle connection. */
  #hint = "";
  #connectFailed = false;
  /** Why we ended the connection under a request. */
  #verdict: string | null = null;
  #over = false;
  #finish: () => void = () => {};

  constructor({ plan, target, recorder, mayStart, loop, asked, paths }: SlotParts) {
    this.#plan = plan;
    this.#target = target;
    this.#recorder = recorder;
    this.#mayStart = mayStart;
    this.#loop = loop;
    this.#asked = asked;
    this.#paths = paths;
    this.#success = new Success(plan);
    this.#idleMarginMs = loop === null ? 0 : IDLE_MARGIN_MS;
    this.finished = new Promise((resolve) => (this.#finish = resolve));
    this.#client = new Client(originOf(target), {
      connect: (_options, callback) => this.#connect(callback),
      pipelining: 1,
      // undici's timers are 500 ms coarse and cover one phase each; the load's sweep covers the request as a whole.
      headersTimeout: 0,
      bodyTimeout: 0,
      // The server's `Keep-Alive: timeout` is about idle connections, and only with a loop a slot is idle.
      keepAliveTimeoutThreshold: this.#idleMarginMs,
    });
  }

  /** Makes the next request as soon as it may, or ends the slot. */
  start(): void {
    this.#retry = null;
    if (this.#over || !this.#mayStart()) {
      this.end();
    } else if (this.#loop === null) {
      this.begin(this.#recorder.now());
    } else {
      this.#free = true;
      // Whoever ends an idle connection is not waited for.
      if (this.#socket !== null) this.#socket.patient = false;
      this.#loop.free(this);
    }
  }

  begin(intendedMs: number): void {
    this.#free = false;
    this.#verdict = null;
    if (this.#socket !== null) this.#socket.patient = false;
    this.#recorder.sent();
    this.#startedMs = this.#recorder.now();
    this.#intendedMs = intendedMs;
    // undici itself asks so with each HEAD, as some servers send a body all the same.
    this.#asks = this.#asked.method === "HEAD" || (this.#plan.closer === "server" && this.#isLast());
    const { method, headers, body } = this.#asked;
    const path = this.#paths.current;
    this.#paths.pass();
    const reset = this.#asks ? ({ reset: true } as const) : {};
    this.#client.dispatch({ path, method, headers, body, ...reset }, this);
  }

  /** No further request: an idle connection is closed, a request in flight is let finish. */
  end(): void {
    this.#over = true;
    this.#loop?.stop();
    if (this.#retry !== null) clearTimeout(this.#retry);
    this.#retry = null;
    if (this.#startedMs !== null) return;
    if (this.#socket === null) this.#finish();
    else if (!this.#socket.waiting) this.#closeSocket("end-of-load");
  }

  /** Ends the connection under a request that has taken longer than the plan allows. */
  checkTimeout(nowMs: number): void {
    if (this.#startedMs === null || nowMs - this.#startedMs < this.#plan.timeoutMs) return;
    this.#notes?.endedBecause("timeout");
    this.#abort(TIMED_OUT);
  }

  /** The end of the drain: what is still in flight has failed. */
  abandon(): void {
    this.end();
    if (this.#startedMs === null) return;
    this.#notes?.endedBecause("end-of-load");
    this.#abort(UNFINISHED);
    // Whatever of the request waits for another connection must not get one.
    void this.#client.destroy();
  }

  /** It is written on the connection in use. */
  onRequestStart(): void {
    this.#handedMs = this.#recorder.now();
    this.#notes?.requested(this.#handedMs);
  }

  onResponseStart(_controller: Dispatcher.DispatchController, status: number, headers: IncomingHttpHeaders): void {
    this.#status = status;
    this.#hint = String(headers["keep-alive"] ?? "");
    this.#notes?.answering();
    if (this.#startedMs !== null) this.#recorder.answered(this.#recorder.now() - this.#handedMs);
  }

  onResponseData(): void {}

  onResponseEnd(): void {
    if (this.#startedMs === null) return;
    this.#recorder.status(this.#status);
    const failure = this.#success.failure(this.#status);
    const nowMs = this.#recorder.now();
    if (failure === null) this.#recorder.succeeded(nowMs - this.#intendedMs, nowMs - this.#startedMs);
    else this.#recorder.failed(failure);
    this.#startedMs = null;
    this.#notes?.completed(nowMs, this.#asks ? "asked" : null);
    // undici closes the connection in this very turn when the request or the response said `Connection: close`.
    if (this.#socket !== null) this.#socket.patient = this.#asks || this.#plan.closer === "server";
    queueMicrotask(() => this.#afterResponse());
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    if (this.#startedMs === null) return;
    // A request that undici refuses to send is a fault in the plan, and every further one would be refused at once.
    if (error instanceof errors.InvalidArgumentError) throw error;
    this.#recorder.failed(this.#verdict ?? failureKind(error));
    this.#startedMs = null;
    if (this.#over) this.end();
    else if (this.#connectFailed) this.#retry = setTimeout(() => this.start(), this.#backoff.next());
    else setImmediate(() => this.start());
  }

  #isLast(): boolean {
    return this.#plan.requestsPerConnection !== null && this.#served + 1 >= this.#plan.requestsPerConnection;
  }

  /** Requests that the connection in use has carried. */
  get #served(): number {
    return this.#notes?.served ?? 0;
  }

  /** The next request when the connection lasts; else the socket's 'close' goes on from here. */
  #afterResponse(): void {
    const socket = this.#socket;
    if (socket === null || socket.destroyed || socket.waiting) return;
    const { requestsPerConnection } = this.#plan;
    if (requestsPerConnection === null || this.#served < requestsPerConnection) this.start();
    // Every byte of the response has been read, so that close(2) sends a FIN and not a RST.
    else this.#closeSocket("client-limit");
  }

  #abort(verdict: string): void {
    this.#verdict = verdict;
    if (this.#socket === null) return;
    this.#socket.patient = false;
    this.#socket.destroy(Object.assign(new Error(verdict), { code: verdict }));
  }

  #closeSocket(why: "client-limit" | "end-of-load"): void {
    if (this.#socket === null) return;
    this.#notes?.endedBecause(why);
    this.#socket.patient = false;
    this.#socket.destroy(DONE);
  }

  #connect(callback: buildConnector.Callback): void {
    const { socket, notes } = openConnection(this.#target, {
      thrown: () => (this.#verdict = LIBRARY_BUG),
      connected: (made) => {
        this.#connectFailed = false;
        this.#backoff.connected();
        callback(null, made);
      },
      failed: (error) => {
        this.#connectFailed = true;
        callback(error, null);
      },
      ended: (error) => noteEnd(notes, error, this.#hint, this.#idleMarginMs),
      closed: (made) => this.#closed(made),
    });
    this.#socket = socket;
    this.#notes = notes;
  }

  #closed(socket: PatientSocket): void {
    if (this.#socket !== socket) return;
    this.#socket = null;
    this.#notes = null;
    // With a request in flight undici goes on: it fails it, or sends it over the next connection if it had not yet.
    if (this.#startedMs !== null) return;
    if (this.#over) this.#finish();
    else if (this.#retry === null && !this.#free) this.start();
  }
}
