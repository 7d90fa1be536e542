import { UnreadableError } from "./parse-counters.js";

const NEWLINE = 10;

/**
 * A few counters of one group out of /proc/net/snmp or netstat, which hold 300: made for reading the same file many times
 * a second. Where the columns are is looked up once, and again whenever the line of names is not the same as before.
 */
export class ColumnPicker {
  readonly #file: string;
  readonly #group: string;
  readonly #names: readonly string[];
  readonly #values: number[];
  /** The group's line of names, with the newline at its end, so that no longer line begins with it. */
  #header: Buffer = Buffer.alloc(0);
  /** How many lines come before that one: where it begins depends on how wide their figures are. */
  #linesBefore = 0;
  /** By place in #names: the column, in which the group itself is column 0. */
  #columns: readonly number[] = [];
  #lastColumn = 0;

  /** @param group with its colon: `TcpExt:` */
  constructor(file: string, group: string, names: readonly string[]) {
    this.#file = file;
    this.#group = group;
    this.#names = names;
    this.#values = names.map(() => 0);
  }

  /**
   * @returns the counters in the order of their names; the same array every time
   * @throws UnreadableError
   */
  pick(text: Buffer): readonly number[] {
    let at = 0;
    for (let line = 0; line < this.#linesBefore && at >= 0; line++) at = startOfNextLine(text, at);
    const end = at + this.#header.length;
    const known = at >= 0 && end > at && end <= text.length && text.compare(this.#header, 0, undefined, at, end) === 0;
    this.#readValues(text, known ? end : this.#learn(text));
    return this.#values;
  }

  /** @returns where the line of values starts */
  #learn(text: Buffer): number {
    this.#linesBefore = 0;
    for (let at = 0; at >= 0; at = startOfNextLine(text, at), this.#linesBefore++) {
      const end = startOfNextLine(text, at);
      const columns = end < 0 ? [] : text.toString("latin1", at, end - 1).split(" ");
      if (columns[0] !== this.#group) continue;
      const missing = this.#names.find((name) => !columns.includes(name));
      if (missing !== undefined) throw new UnreadableError(`${this.#file} has no ${this.#group}${missing}`);
      this.#columns = this.#names.map((name) => columns.indexOf(name));
      this.#lastColumn = Math.max(...this.#columns);
      this.#header = Buffer.from(text.subarray(at, end));
      return end;
    }
    throw new UnreadableError(`${this.#file} has no line of names for ${this.#group}`);
  }

  #readValues(text: Buffer, start: number): void {
    const end = text.indexOf(NEWLINE, start);
    // Splitting stops where the last column of interest has been seen: after a tenth of the line.
    const values = end < 0 ? [] : text.toString("latin1", start, end).split(" ", this.#lastColumn + 1);
    if (values[0] !== this.#group) throw new UnreadableError(`${this.#file} has no line of values for ${this.#group}`);
    for (const [place, column] of this.#columns.entries()) {
      const value = values[column] === "" ? Number.NaN : Number(values[column]);
      if (!Number.isFinite(value))
        throw new UnreadableError(`${this.#file}: ${this.#group}${this.#names[place]} is not a number`);
      this.#values[place] = value;
    }
  }
}

/** -1 when the line at `at` has no end. */
function startOfNextLine(text: Buffer, at: number): number {
  const end = text.indexOf(NEWLINE, at);
  return end < 0 ? -1 : end + 1;
}
