import { UnreadableError } from "./parse-counters.js";

const NEWLINE = 10;
const SPACE = 32;
const MINUS = 45;
const ZERO = 48;

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
  #header: Buffer | null = null;
  /** By column, the first value being column 1: its place in #names, or -1. */
  #places: readonly number[] = [];

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
    let at = this.#header === null ? -1 : startOfLine(text, this.#header);
    if (at < 0) at = this.#learn(text);
    this.#readValues(text, at + this.#header!.length);
    return this.#values;
  }

  /** @returns where the line of names starts */
  #learn(text: Buffer): number {
    const at = startOfLine(text, Buffer.from(this.#group + " ", "latin1"));
    const end = text.indexOf(NEWLINE, Math.max(at, 0));
    if (at < 0 || end < 0) throw new UnreadableError(`${this.#file} has no line of names for ${this.#group}`);
    const columns = text.toString("latin1", at, end).split(" ");
    const missing = this.#names.find((name) => !columns.includes(name));
    if (missing !== undefined) throw new UnreadableError(`${this.#file} has no ${this.#group}${missing}`);
    this.#places = columns.map((name) => this.#names.indexOf(name));
    this.#header = Buffer.from(text.subarray(at, end + 1));
    return at;
  }

  #readValues(text: Buffer, start: number): void {
    const end = text.indexOf(NEWLINE, start);
    if (end < 0 || text.toString("latin1", start, start + this.#group.length) !== this.#group)
      throw new UnreadableError(`${this.#file} has no line of values for ${this.#group}`);
    let column = 0;
    for (let at = start + this.#group.length; at < end; column++) {
      const from = at + 1;
      at = from;
      while (at < end && text[at] !== SPACE) at++;
      const place = this.#places[column + 1] ?? -1;
      if (place >= 0) this.#values[place] = this.#number(text, from, at);
    }
    if (column !== this.#places.length - 1)
      throw new UnreadableError(
        `${this.#file}: ${column} values for ${this.#places.length - 1} names of ${this.#group}`,
      );
  }

  #number(text: Buffer, from: number, to: number): number {
    const negative = text[from] === MINUS;
    const first = negative ? from + 1 : from;
    let value = first < to ? 0 : Number.NaN;
    for (let at = first; at < to; at++) {
      const digit = text[at]! - ZERO;
      value = digit >= 0 && digit <= 9 ? value * 10 + digit : Number.NaN;
    }
    if (Number.isNaN(value)) throw new UnreadableError(`${this.#file}: a value of ${this.#group} is not a number`);
    return negative ? -value : value;
  }
}

/** Where a line begins that starts with `line`; -1 when none does. */
function startOfLine(text: Buffer, line: Buffer): number {
  let at = text.indexOf(line);
  while (at > 0 && text[at - 1] !== NEWLINE) at = text.indexOf(line, at + 1);
  return at;
}
