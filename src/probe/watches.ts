import type { Followed, Watch } from "./watch.js";

/** What is watched on a host, by the name of the sockets, which it outlives; the errno where it could not be. */
export class Watches {
  readonly #byName = new Map<string, Followed | number>();
  readonly #open = new Map<string, Watch>();

  get(name: string): Followed | number | undefined {
    return this.#byName.get(name);
  }

  /** In place of what the name had before. @param own the watch was opened for this name, and is closed with it */
  set(name: string, followed: Followed | number | null, own: boolean): void {
    this.#open.get(name)?.close();
    this.#open.delete(name);
    this.#byName.delete(name);
    if (followed === null) return;
    this.#byName.set(name, followed);
    if (own && typeof followed !== "number") this.#open.set(name, followed.watch);
  }

  /** What is left in a watch's buffer takes the room of what comes next. */
  look(): void {
    for (const watch of this.#open.values()) watch.look();
  }

  /** Looks at what this name's calls have called forth, after each of them. */
  lookerAt(name: string): () => void {
    const followed = this.#byName.get(name);
    return typeof followed === "object" ? () => followed.watch.look() : () => {};
  }
}
