import { EPOLLIN, Epoll } from "../../kernel/epoll.js";
import { libc } from "../../kernel/libc.js";
import { accept } from "../../kernel/listener.js";
import { Memory } from "../../kernel/memory.js";
import { MSG_NOSIGNAL, socketCalls } from "../../kernel/socket.js";
import { RequestReader } from "./request-reader.js";

const BODY = "Hello, World!\n";
const HEAD = `HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: ${BODY.length}\r\n`;
const MOST_EVENTS = 512;
const PIECE_BYTES = 65_536;
/** So often a thread that blocks in epoll_wait() can be ended. */
const LOOK_UP_MS = 200;

/** Where the counts lie in shared memory, for the main thread to read at any time. */
export const COUNTS = { requests: 0, connections: 1, length: 2 } as const;

/** A hello-world server on one listening socket, in the calling thread, for as long as that lives. */
export class HelloLoop {
  readonly #listener: number;
  readonly #counts: Int32Array;
  readonly #calls = socketCalls();
  readonly #libc = libc();
  readonly #again = this.#libc.errnoOf["EAGAIN"];
  readonly #epoll = Epoll.open(MOST_EVENTS);
  readonly #reader = new RequestReader();
  readonly #piece = Memory.ofLength(PIECE_BYTES);
  readonly #closing = new Memory(Buffer.from(`${HEAD}Connection: close\r\n\r\n${BODY}`));
  readonly #staying = new Memory(Buffer.from(`${HEAD}\r\n${BODY}`));
  /** By descriptor: heads that have come in part. */
  readonly #rests = new Map<number, Buffer>();

  constructor(listener: number, counts: Int32Array) {
    this.#listener = listener;
    this.#counts = counts;
    this.#epoll.add(listener, EPOLLIN, listener);
  }

  run(): never {
    for (;;) {
      const events = this.#epoll.wait(LOOK_UP_MS);
      for (let at = 0; at < events; at++) {
        const fd = this.#epoll.tagAt(at);
        if (fd === this.#listener) this.#acceptAll();
        else this.#serve(fd, true);
      }
    }
  }

  #acceptAll(): void {
    for (let fd = accept(this.#listener); fd >= 0; fd = accept(this.#listener)) {
      this.#count(COUNTS.connections, 1);
      // The request is mostly there already, and then epoll need not know of a connection that is about to end.
      this.#serve(fd, false);
    }
  }

  /** @param watched by epoll already */
  #serve(fd: number, watched: boolean): void {
    const { address, bytes, length } = this.#piece;
    const received = this.#calls.recv(fd, address, length, 0);
    if (received <= 0) {
      if (received === 0 || this.#libc.errno() !== this.#again) this.#end(fd);
      else if (!watched) this.#epoll.add(fd, EPOLLIN, fd);
      return;
    }
    const { count, closes, rest, tooLarge } = this.#reader.read(
      bytes.subarray(0, received),
      this.#rests.get(fd) ?? null,
    );
    if (rest === null) this.#rests.delete(fd);
    else this.#rests.set(fd, rest);
    this.#count(COUNTS.requests, count);
    for (let answered = 1; answered <= count; answered++) {
      const response = closes && answered === count ? this.#closing : this.#staying;
      // A client that has stopped reading gets no more: what does not fit into its socket's buffer is not ours to keep.
      if (this.#calls.send(fd, response.address, response.length, MSG_NOSIGNAL) < response.length) return this.#end(fd);
    }
    if ((count > 0 && closes) || tooLarge) this.#end(fd);
    else if (!watched) this.#epoll.add(fd, EPOLLIN, fd);
  }

  #end(fd: number): void {
    this.#rests.delete(fd);
    this.#calls.close(fd);
  }

  #count(index: number, count: number): void {
    Atomics.store(this.#counts, index, (this.#counts[index] as number) + count);
  }
}
