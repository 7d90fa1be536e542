import { subscribe, unsubscribe } from "node:diagnostics_channel";
import type { Socket } from "node:net";
import { encode, newHistogram, recordMs } from "../../stats/histogram.js";
import { monotonicMs } from "../../kernel/clock.js";
import { failureKind, isReset } from "../http/failure-kind.js";
import type { CloseReport, LoadReport } from "../types.js";
import { closeReport, Closings } from "./closings.js";
import { connectionNotes, knownNotes } from "./notes.js";
import { canAskState, hasPeersFin } from "./peers-fin.js";

/** Where Node announces each socket of `net.connect()`, before it connects. */
export const SOCKET_CHANNEL = "net.client.socket";

export interface LedgerReport {
  connections: LoadReport["connections"];
  /** Connects that failed, by errno; their sum is `connections.failed`. */
  failedBy: Record<string, number>;
  connectHistogram: LoadReport["connectHistogram"];
  /** null without TLS. */
  handshakeHistogram: string | null;
  /** Of connections that nobody has made notes of: unknown. */
  closings: CloseReport;
}

/**
 * Every connection of this process: opened or failed, how long connect() took, and who ended it. It listens to the
 * sockets themselves, so it holds for any library that uses `node:net`.
 */
export class ConnectionLedger {
  readonly #connect = newHistogram();
  readonly #handshake = newHistogram();
  readonly #closed = { client: 0, server: 0, reset: 0 };
  readonly #closings = new Closings();
  /** At most as many as there are local ports, however many connections are made. */
  readonly #localPorts = new Set<string>();
  readonly #failedBy = new Map<string, number>();
  readonly #known = new WeakSet<Socket>();
  readonly #onSocket = (message: unknown): void => this.watch((message as { socket: Socket }).socket);
  #opened = 0;
  #failed = 0;

  /** Connections whose connect() has succeeded. */
  get opened(): number {
    return this.#opened;
  }

  start(): void {
    // What it takes to ask the kernel is loaded before the load, not in the midst of it.
    canAskState();
    subscribe(SOCKET_CHANNEL, this.#onSocket);
  }

  stop(): void {
    unsubscribe(SOCKET_CHANNEL, this.#onSocket);
  }

  /** To be called just before connect(); a socket that is known already is not counted twice. */
  watch(socket: Socket): void {
    if (this.#known.has(socket)) return;
    this.#known.add(socket);
    const startedMs = monotonicMs();
    let connected = false;
    let connectedMs = 0;
    let local = "";
    let ending: "client" | "server" | "reset" | null = null;
    let connectError: string | null = null;
    socket.once("connect", () => {
      connected = true;
      this.#opened++;
      local = `${socket.localAddress} ${socket.localPort}`;
      connectedMs = monotonicMs();
      recordMs(this.#connect, connectedMs - startedMs);
    });
    // Of sockets that speak TLS.
    socket.once("secureConnect", () => recordMs(this.#handshake, monotonicMs() - connectedMs));
    beforeClosing(socket, () => {
      if (connected && hasPeersFin(socket)) ending ??= "server";
    });
    // 'end' is the peer's FIN. When our own went out before it, the connection was ours to end.
    socket.once("end", () => (ending ??= socket.writableEnded || socket.destroyed ? "client" : "server"));
    socket.on("error", (error: Error) => {
      if (!connected) connectError ??= failureKind(error);
      else if (isReset(error)) ending ??= "reset";
      else if ("syscall" in error) connectionNotes(socket).endedBecause("error");
    });
    socket.once("close", () => {
      if (!connected) return this.#fail(connectError ?? "given-up");
      if (ending === "server") this.#localPorts.add(local);
      this.#ended(socket, ending ?? "client");
    });
  }

  #ended(socket: Socket, by: "client" | "server" | "reset"): void {
    this.#closed[by]++;
    const notes = knownNotes(socket);
    if (notes === null) return this.#closings.ended("unknown", 0, 0);
    this.#closings.ended(notes.causeOf(by), notes.served, notes.idleMs(monotonicMs()));
    const staleAfterMs = notes.staleAfterMs(by);
    if (staleAfterMs !== null) this.#closings.wentStale(notes.served, staleAfterMs);
  }

  report(): LedgerReport {
    return {
      connections: {
        opened: this.#opened,
        failed: this.#failed,
        closed: { ...this.#closed },
        ports: this.#localPorts.size,
      },
      failedBy: Object.fromEntries(this.#failedBy),
      connectHistogram: encode(this.#connect),
      handshakeHistogram: encode(this.#handshake),
      closings: closeReport([this.#closings.counts()]),
    };
  }

  #fail(kind: string): void {
    this.#failed++;
    this.#failedBy.set(kind, (this.#failedBy.get(kind) ?? 0) + 1);
  }
}

/** A part of net.Socket that its typings leave out: what every close(2) goes through. */
const DESTROY = "_destroy";
interface SocketInside {
  [DESTROY](error: Error | null, done: (error?: Error | null) => void): void;
}

function beforeClosing(socket: Socket, look: () => void): void {
  const inside = socket as unknown as SocketInside;
  const destroy = inside[DESTROY].bind(socket);
  inside[DESTROY] = (error, done) => {
    look();
    destroy(error, done);
  };
}
