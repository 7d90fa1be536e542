import { guardedLine } from "../text/printable.js";
import { headOfColored } from "../text/width.js";
import type { Size, Terminal } from "./types.js";

/** Ten frames a second at most: an eye sees no more of a figure. */
const FRAME_MS = 100;

const ESC = "\u001b[";
/** The alternate screen, empty, without a cursor: what stood on the terminal comes back afterwards (xterm, ctlseqs: 1049). */
const ENTER = `${ESC}?1049h${ESC}?25l${ESC}H${ESC}J`;
/** A terminal without an alternate screen, such as Linux' console, goes on below what was drawn. */
const leave = (rows: number): string => `${ESC}?2026l${ESC}m${ESC}${rows};1H${ESC}K${ESC}?25h${ESC}?1049l`;
/** What stands between is shown at once (synchronized output, mode 2026); a terminal that does not know it does without. */
const [BEGIN, END] = [`${ESC}?2026h`, `${ESC}?2026l`];
const REST_OF_LINE = `${ESC}m${ESC}K`;
const NONE = new Uint8Array();

/**
 * Owns the terminal from open() to close(): its alternate screen, its cursor. Draws when it is asked to, ten times a second
 * at most, one write a frame, and in it only the lines that changed: whoever clears a screen makes it flicker. Reads no
 * keys, so that the terminal stays in its own mode. However the process ends or stops, the terminal is given back first.
 */
export class Screen {
  readonly #terminal: Terminal;
  readonly #draw: (size: Size) => readonly string[];
  readonly #frameMs: number;
  #isOpen = false;
  /** Given back for a while: stopped, or in the background. */
  #isAway = false;
  /** What stands on the terminal, line by line; null: not known. */
  #shown: readonly string[] | null = null;
  /** Of a frame, what the terminal has not taken yet: it is slow, or was told to wait (Ctrl-S). */
  #rest: Uint8Array = NONE;
  #timer: NodeJS.Timeout | null = null;
  #lastMs = -Infinity;
  #unlisten: () => void = () => {};

  /** @param draw the lines of the screen, top to bottom; what has no room is left out */
  constructor(terminal: Terminal, draw: (size: Size) => readonly string[], frameMs = FRAME_MS) {
    this.#terminal = terminal;
    this.#draw = draw;
    this.#frameMs = frameMs;
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  open(): void {
    if (this.#isOpen) return;
    this.#isOpen = true;
    this.#unlisten = this.#terminal.listen({
      resized: () => {
        this.#forget();
        this.refresh();
      },
      left: () => this.#giveBack(),
      returned: () => this.#take(),
    });
    this.#isAway = true;
    this.#take();
  }

  /** Something has changed: there will be a frame soon. */
  refresh(): void {
    if (!this.#isOpen || this.#isAway || this.#timer !== null) return;
    const waitMs = this.#lastMs + this.#frameMs - performance.now();
    if (waitMs <= 0) this.#frame();
    else this.#frameAfter(waitMs);
  }

  /** Leaves the terminal as it was. May be called at any time, and again. */
  close(): void {
    if (!this.#isOpen) return;
    this.#giveBack();
    this.#isOpen = false;
    this.#unlisten();
  }

  #take(): void {
    // After Ctrl-Z and `bg` the terminal is the shell's; `fg` tells us once more.
    if (!this.#isOpen || !this.#terminal.isOurs) return;
    // Stopped by another signal than Ctrl-Z's, nothing was given back, and the shell has written over what we drew.
    if (this.#isAway) this.#terminal.write(Buffer.from(ENTER));
    this.#isAway = false;
    this.#forget();
    this.refresh();
  }

  #giveBack(): void {
    if (!this.#isOpen || this.#isAway) return;
    this.#isAway = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    // Half of a control sequence would swallow the next.
    this.#terminal.write(Buffer.concat([this.#rest, Buffer.from(leave(this.#terminal.size.rows))]));
    this.#rest = NONE;
  }

  /** Of what stands there nothing is sure any more: every line is written again. */
  #forget(): void {
    this.#shown = null;
  }

  #frame(): void {
    this.#lastMs = performance.now();
    // A terminal that cannot follow gets fewer frames, and the newest as soon as it has taken the one before.
    const isLate = this.#rest.length > 0;
    if (!isLate) this.#rest = Buffer.from(this.#changes());
    if (this.#rest.length > 0) this.#rest = this.#rest.subarray(this.#terminal.offer(this.#rest));
    if (isLate || this.#rest.length > 0) this.#frameAfter(this.#frameMs);
  }

  #frameAfter(waitMs: number): void {
    this.#timer = setTimeout(() => {
      this.#timer = null;
      this.#frame();
    }, waitMs).unref();
  }

  #changes(): string {
    const { columns, rows } = this.#terminal.size;
    const lines = this.#draw({ columns, rows });
    // Neither the last row nor the last column: written to, some terminals scroll or wrap.
    const wanted = Array.from({ length: Math.max(0, rows - 1) }, (_, row) => lines[row] ?? "");
    const changed = wanted.flatMap((line, row) =>
      line === this.#shown?.[row]
        ? []
        : [`${ESC}${row + 1};1H${headOfColored(guardedLine(line), Math.max(0, columns - 1))}${REST_OF_LINE}`],
    );
    // After a resize the last row may hold what was elsewhere.
    if (this.#shown === null) changed.push(`${ESC}${rows};1H${REST_OF_LINE}`);
    this.#shown = wanted;
    return changed.length === 0 ? "" : BEGIN + changed.join("") + END;
  }
}
