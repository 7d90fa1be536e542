import { UnreadableError } from "./parse-counters.js";

const [NEWLINE, SPACE, MINUS, ZERO] = [10, 32, 45, 48] as const;

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
  /** Where it began last time: that depends on how wide the figures before it are. */
  #place = 0;
  /** The columns from left to right, in which the group itself is column 0, each with its place in #names. */
  #columns: readonly { column: number; place: number }[] = [];

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
    const at = this.#place;
    const end = at + this.#header.length;
    const begins = end > at && end <= text.length && (at === 0 || text[at - 1] === NEWLINE);
    const known = begins && text.compare(this.#header, 0, undefined, at, end) === 0;
    this.#readValues(text, known ? end : this.#learn(text));
    return this.#values;
  }

  /** @returns where the line of values starts */
  #learn(text: Buffer): number {
    for (let at = 0; at >= 0; at = startOfNextLine(text, at)) {
      const end = startOfNextLine(text, at);
      const columns = end < 0 ? [] : text.toString("latin1", at, end - 1).split(" ");
      if (columns[0] !== this.#group) continue;
      const missing = this.#names.find((name) => !columns.includes(name));
      if (missing !== undefined) throw new UnreadableError(`${this.#file} has no ${this.#group}${missing}`);
      this.#columns = this.#names
        .map((name, place) => ({ column: columns.indexOf(name), place }))
        .toSorted((a, b) => a.column - b.column);
      this.#header = Buffer.from(text.subarray(at, end));
      this.#place = at;
      return end;
    }
    throw new UnreadableError(`${this.#file} has no line of names for ${this.#group}`);
  }

  /** Byte by byte, and no further than to the last column of interest: a tenth of the line. */
  #readValues(text: Buffer, start: number): void {
    const values = start + this.#group.length;
    if (values > text.length || this.#header.compare(text, start, values, 0, this.#group.length) !== 0)
      throw new UnreadableError(`${this.#file} has no line of values for ${this.#group}`);
    let at = values;
    let column = 0;
    for (const wanted of this.#columns) {
      for (; column < wanted.column; column++) at = afterSpace(text, at);
      const value = numberAt(text, at);
      if (Number.isNaN(value))
        throw new UnreadableError(`${this.#file}: ${this.#group}${this.#names[wanted.place]} is not a number`);
      this.#values[wanted.place] = value;
    }
  }
}

/** Behind the next space; where the line ends when it has none. */
function afterSpace(text: Buffer, start: number): number {
  let at = start;
  while (at < text.length && text[at] !== SPACE && text[at] !== NEWLINE) at++;
  return text[at] === SPACE ? at + 1 : at;
}

/** NaN when there is none, or it is cut off. */
function numberAt(text: Buffer, start: number): number {
  const sign = text[start] === MINUS ? -1 : 1;
  const first = sign < 0 ? start + 1 : start;
  let value = 0;
  let at = first;
  for (; at < text.length; at++) {
    const digit = (text[at] as number) - ZERO;
    if (digit < 0 || digit > 9) break;
    value = value * 10 + digit;
  }
  const ended = text[at] === SPACE || text[at] === NEWLINE;
  return ended && at > first ? sign * value : Number.NaN;
}

/** -1 when the line at `at` has no end. */
function startOfNextLine(text: Buffer, at: number): number {
  const end = text.indexOf(NEWLINE, at);
  return end < 0 ? -1 : end + 1;
}
