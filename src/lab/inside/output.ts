import type { Readable } from "node:stream";
import { StringDecoder } from "node:string_decoder";
import { monotonicMs } from "../../kernel/clock.js";

const LAST_LINES = 20;
const LONGEST_LINE = 2_000;
/** So much is read closely at any pace: what a program says while it starts, or a short program says at all. */
const FIRST_BYTES = 4_194_304;
/** Later, what is read closely in each window of time; what goes beyond is read, so that nobody waits, and dropped. */
const WINDOW_MS = 100;
const BYTES_PER_WINDOW = 65_536;

/**
 * What a process prints, line by line, whatever it is: a program that floods its output must cost the host no more than
 * one that is quiet, and no more memory either.
 */
export class Output {
  readonly #onLine: (line: string) => void;
  readonly #lastLines: string[] = [];
  #windowStartMs = 0;
  #windowBytes = 0;
  #bytes = 0;

  constructor(onLine: (line: string) => void) {
    this.#onLine = onLine;
  }

  /** The last that were read closely, at most 20. */
  get lastLines(): readonly string[] {
    return this.#lastLines;
  }

  /** Resolves when the stream has ended. */
  follow(stream: Readable): Promise<void> {
    const decoder = new StringDecoder("utf8");
    let pending = "";
    stream.on("data", (piece: Buffer) => {
      if (!this.#afford(piece.length)) {
        pending = "";
        return;
      }
      const lines = (pending + decoder.write(piece)).split("\n");
      pending = (lines.pop() ?? "").slice(0, LONGEST_LINE);
      for (const line of lines) this.line(line);
    });
    return new Promise((resolve) =>
      stream.once("close", () => {
        if (pending !== "") this.line(pending);
        resolve();
      }),
    );
  }

  #afford(bytes: number): boolean {
    this.#bytes += bytes;
    if (this.#bytes <= FIRST_BYTES) return true;
    const nowMs = monotonicMs();
    if (nowMs - this.#windowStartMs >= WINDOW_MS) {
      this.#windowStartMs = nowMs;
      this.#windowBytes = 0;
    }
    this.#windowBytes += bytes;
    // The first piece of a window is always read: the pipe's own 64 KB, at most.
    return this.#windowBytes <= BYTES_PER_WINDOW || this.#windowBytes === bytes;
  }

  /** One more that was read elsewhere. */
  line(raw: string): void {
    const line = raw.replace(/\r$/, "").slice(0, LONGEST_LINE);
    this.#lastLines.push(line);
    if (this.#lastLines.length > LAST_LINES) this.#lastLines.shift();
    this.#onLine(line);
  }
}
