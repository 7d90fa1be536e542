import xterm from "@xterm/headless";
import type { Size, Terminal, TerminalListener } from "../../src/screen/types.js";

/** A terminal that shows what is written to it, in memory. */
export class Headless implements Terminal {
  readonly #xterm: xterm.Terminal;
  #listener: TerminalListener | null = null;
  /** Each write, as text. */
  readonly writes: string[] = [];
  isOurs = true;
  /** How many bytes it takes at once. */
  takes = Infinity;

  constructor({ columns, rows }: Size) {
    this.#xterm = new xterm.Terminal({ cols: columns, rows, allowProposedApi: true, scrollback: 100 });
  }

  get size(): Size {
    return { columns: this.#xterm.cols, rows: this.#xterm.rows };
  }

  offer(bytes: Uint8Array): number {
    const taken = bytes.subarray(0, this.takes);
    this.write(taken);
    return taken.length;
  }

  write(bytes: Uint8Array): void {
    this.writes.push(Buffer.from(bytes).toString());
    this.#xterm.write(bytes);
  }

  listen(to: TerminalListener): () => void {
    this.#listener = to;
    return () => (this.#listener = null);
  }

  /** Of a program that listens; nothing happens where none does. */
  get tells(): TerminalListener {
    return this.#listener ?? { resized() {}, left() {}, returned() {} };
  }

  get isListenedTo(): boolean {
    return this.#listener !== null;
  }

  async resize({ columns, rows }: Size): Promise<void> {
    await this.settled();
    this.#xterm.resize(columns, rows);
    this.tells.resized();
  }

  /** Resolves when all that was written is on the screen. */
  settled(): Promise<void> {
    return new Promise((resolve) => this.#xterm.write("", resolve));
  }

  /** `normal`, or `alternate` while a program has the screen for itself. */
  get buffer(): "normal" | "alternate" {
    return this.#xterm.buffer.active.type;
  }

  get cursor(): { column: number; row: number } {
    const { cursorX, cursorY } = this.#xterm.buffer.active;
    return { column: cursorX, row: cursorY };
  }

  /** The lines that can be seen, without spaces at their ends. */
  get lines(): string[] {
    const { active } = this.#xterm.buffer;
    return Array.from({ length: this.#xterm.rows }, (_, row) => active.getLine(active.viewportY + row)!).map((line) =>
      line.translateToString(true),
    );
  }

  /** Each cell with its colour and weight. */
  get cells(): string[] {
    const { active } = this.#xterm.buffer;
    return Array.from({ length: this.#xterm.rows }, (_, row) => {
      const line = active.getLine(active.viewportY + row)!;
      return [...new Array(this.#xterm.cols).keys()]
        .map((column) => {
          const cell = line.getCell(column)!;
          return `${cell.getChars() || " "}${cell.getFgColor()}${cell.isBold() > 0 ? "b" : ""}`;
        })
        .join("|");
    });
  }

  /** The lines that have left the screen at its top. */
  get scrolledAway(): number {
    return this.#xterm.buffer.normal.baseY;
  }
}
