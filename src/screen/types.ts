import type { Pane } from "../lessons/schema.js";

/** What a screen needs of the terminal that it takes for itself, and gives back as it was. */
export interface Terminal {
  /** As it is now. */
  readonly size: Size;
  /** Whether we are whom the terminal listens to: not sent to the background by a shell. */
  readonly isOurs: boolean;
  /** Takes what it can at once, and never waits. @returns how many bytes it took; all of them when it has gone */
  offer(bytes: Uint8Array): number;
  /** All of it, at once, however long that takes. */
  write(bytes: Uint8Array): void;
  /** @returns what ends it */
  listen(to: TerminalListener): () => void;
}

export interface Size {
  columns: number;
  rows: number;
}

export interface TerminalListener {
  resized(): void;
  /** The process ends, or will be stopped (Ctrl-Z), as soon as this returns. */
  left(): void;
  /** It goes on after a stop. */
  returned(): void;
}

/** What a lesson wants of the picture of a run: the parts that its step is about, and a line below them. */
export interface Lens {
  watch: readonly Pane[];
  foot: string;
}

/** The process and its stream, handed over by cli.ts. */
export interface TerminalHandles {
  /** Of the stream. */
  fd: number;
  stream: Emitter & { getWindowSize(): [columns: number, rows: number] };
  /** The process. */
  owner: Emitter & { pid: number; kill(pid: number, signal: NodeJS.Signals): unknown };
}

interface Emitter {
  on(event: string, listener: () => void): unknown;
  off(event: string, listener: () => void): unknown;
}
