/**
 * What has been acquired and how to give it back. Each release is registered at the moment of acquiring, and they run
 * in reverse order, all of them, once; one that fails does not keep the next from running.
 * (Node 20 has no AsyncDisposableStack.)
 */
export class Releases {
  #stack: (() => void | Promise<void>)[] = [];
  #running: Promise<void> | null = null;

  /** What is acquired when all else has been given back is given back at once. */
  add(release: () => void | Promise<void>): void {
    this.#stack.push(release);
    if (this.#running !== null) this.#running = this.#running.then(() => this.#runAll());
  }

  /** Never rejects: what failed to release must not hide the error that led here. */
  run(): Promise<void> {
    this.#running ??= this.#runAll();
    return this.#running;
  }

  async #runAll(): Promise<void> {
    for (let release = this.#stack.pop(); release !== undefined; release = this.#stack.pop()) {
      try {
        await release();
      } catch {
        // Whoever registered it says in the release itself what may be ignored; the rest still has to be given back.
      }
    }
  }
}
