import type { ServerResponse } from "node:http";
import { type Patch, patchOf, patched, type Plain } from "../live/patch.js";
import type { LiveMessages, PageState } from "../page/live/messages.js";

/** A viewer that leaves so much unread, beyond the first message, is dropped; when it comes back it gets the whole. */
export const MOST_UNREAD = 1_000_000;
/** Changes are kept for so many characters, for who comes back after a moment. */
const MOST_KEPT = 500_000;
/** When a browser that lost the stream tries again. */
const RETRY_MS = 2_000;

interface Kept {
  id: number;
  text: string;
}

/** One stream of server-sent events for any number of viewers: what changed since what it has, each with its number, or the whole. */
export class Channel {
  /** Each with what its first message may hold back: of long runs the whole alone is more than the rest may be. */
  readonly #viewers = new Map<ServerResponse, number>();
  /** What all viewers have. */
  #state: Plain;
  #id = 0;
  #kept: Kept[] = [];
  #size = 0;

  constructor(state: PageState) {
    this.#state = copyOf(state as unknown as Plain);
  }

  /** Of the newest message: who has its state hears what comes after it. */
  get id(): number {
    return this.#id;
  }

  get viewers(): number {
    return this.#viewers.size;
  }

  /** @param lastId of the last message that it has heard: what came since is sent to it, or the whole */
  add(viewer: ServerResponse, lastId: string | undefined): void {
    viewer.on("close", () => this.#viewers.delete(viewer));
    viewer.on("error", () => this.#viewers.delete(viewer));
    viewer.write(`retry: ${RETRY_MS}\n\n`);
    const missed = this.#since(lastId)?.map(({ text }) => text) ?? [
      eventText("whole", this.#state as unknown as PageState, this.#id),
    ];
    this.#viewers.set(viewer, Buffer.byteLength(missed.join("")));
    for (const text of missed) this.#send(viewer, text);
  }

  /** Tells what has become different since the last time. */
  tell(state: PageState): void {
    const patch = patchOf(this.#state, state as unknown as Plain);
    if (patch === null) return;
    this.#id++;
    const text = eventText("change", patch, this.#id);
    // The state itself goes on growing: what was sent is kept apart from it.
    this.#state = patched(this.#state, copyOf<Patch>(patch));
    this.#keep({ id: this.#id, text });
    for (const viewer of this.#viewers.keys()) this.#send(viewer, text);
  }

  /** A comment, so that nobody between takes the stream for dead. */
  keepAlive(): void {
    for (const viewer of this.#viewers.keys()) this.#send(viewer, ": still here\n\n");
  }

  /** The last message. @returns when all have it, or are gone */
  async end(message: LiveMessages["end"]): Promise<void> {
    this.#id++;
    const text = eventText("end", message, this.#id);
    await Promise.all(
      [...this.#viewers.keys()].map(
        (viewer) => new Promise<void>((resolve) => viewer.on("close", resolve).end(text, () => resolve())),
      ),
    );
  }

  /** Whoever does not read must not fill the memory of what is being measured. */
  #send(viewer: ServerResponse, text: string): void {
    viewer.write(text);
    if (viewer.writableLength > MOST_UNREAD + (this.#viewers.get(viewer) ?? 0)) viewer.destroy();
  }

  #keep(kept: Kept): void {
    this.#kept.push(kept);
    this.#size += kept.text.length;
    while (this.#size > MOST_KEPT && this.#kept.length > 0) this.#size -= this.#kept.shift()!.text.length;
  }

  #since(lastId: string | undefined): Kept[] | null {
    const last = Number(lastId ?? Number.NaN);
    if (!Number.isInteger(last) || last > this.#id) return null;
    const missed = this.#kept.filter(({ id }) => id > last);
    return missed.length === this.#id - last ? missed : null;
  }
}

function eventText<Name extends keyof LiveMessages>(name: Name, message: LiveMessages[Name], id: number): string {
  // JSON has no line feed of its own.
  return `id: ${id}\nevent: ${name}\ndata: ${JSON.stringify(message)}\n\n`;
}

function copyOf<Value>(value: Value): Value {
  return JSON.parse(JSON.stringify(value)) as Value;
}
