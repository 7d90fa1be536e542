import type { AgentLink } from "./agent-link.js";
import type { HostProcess, ProcessExit } from "./types.js";

/** A process on a host, as the conductor sees it. */
export class ProcessProxy implements HostProcess {
  readonly id: string;
  readonly exited: Promise<ProcessExit>;
  readonly #link: AgentLink;
  readonly #messages = new Mailbox<unknown>();
  readonly #lines = new Mailbox<string>();
  #exit!: (exit: ProcessExit) => void;

  constructor(id: string, link: AgentLink) {
    this.id = id;
    this.#link = link;
    this.exited = new Promise((resolve) => (this.#exit = resolve));
  }

  send(message: unknown): void {
    // A process or host that is gone is told by `exited` and by the next question to the host.
    this.#link.ask("send", { processId: this.id, message }).catch(() => {});
  }

  kill(): void {
    this.#link.ask("kill", { processId: this.id }).catch(() => {});
  }

  onMessage(listener: (message: unknown) => void): void {
    this.#messages.listen(listener);
  }

  onLine(listener: (line: string) => void): void {
    this.#lines.listen(listener);
  }

  receiveMessage(message: unknown): void {
    this.#messages.put(message);
  }

  receiveLine(line: string): void {
    this.#lines.put(line);
  }

  receiveExit({ code, signal, lastLines }: ProcessExit): void {
    this.#exit({ code, signal, lastLines });
  }
}

/** Keeps what arrives until there is somebody to listen. A chatty server nobody listens to keeps only its last words. */
class Mailbox<Item> {
  static readonly #KEPT = 1_000;
  #kept: Item[] = [];
  readonly #listeners: ((item: Item) => void)[] = [];

  put(item: Item): void {
    if (this.#listeners.length > 0) {
      for (const listener of this.#listeners) listener(item);
      return;
    }
    this.#kept.push(item);
    if (this.#kept.length > Mailbox.#KEPT) this.#kept.shift();
  }

  listen(listener: (item: Item) => void): void {
    this.#listeners.push(listener);
    const kept = this.#kept;
    this.#kept = [];
    for (const item of kept) listener(item);
  }
}
