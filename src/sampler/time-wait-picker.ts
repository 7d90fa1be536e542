import { parseSockstat } from "./parse-counters.js";

const LINE = "\nTCP: ";
const NAME = " tw ";
const [SPACE, T, W, ZERO, NEWLINE] = [32, 116, 119, 48, 10] as const;

/**
 * `tw` of /proc/net/sockstat, for reading it many times a second: it is looked for where it stood last time, which
 * changes only when a figure before it becomes wider, and no string is made of it.
 */
export class TimeWaitPicker {
  /** Where the space before the name is. */
  #place = 0;

  /** @param bytes as many of them as are the text @throws UnreadableError */
  pick(text: Buffer, bytes: number): number {
    let at = this.#place;
    const known = text[at] === SPACE && text[at + 1] === T && text[at + 2] === W && text[at + 3] === SPACE;
    if (!known) at = this.#place = find(text, bytes);
    const first = (at += NAME.length);
    let value = 0;
    let digit = (text[at] as number) - ZERO;
    while (digit >= 0 && digit <= 9 && at < bytes) {
      value = value * 10 + digit;
      digit = (text[++at] as number) - ZERO;
    }
    const ended = at < bytes && (text[at] === SPACE || text[at] === NEWLINE);
    return ended && at > first ? value : parseSockstat(text.toString("latin1", 0, bytes)).timeWait;
  }
}

/** In the line of TCP; 0, where it never is, when it is not there. */
function find(text: Buffer, bytes: number): number {
  const line = text.indexOf(LINE);
  const name = line < 0 ? -1 : text.indexOf(NAME, line + LINE.length - 1);
  const end = line < 0 ? -1 : text.indexOf(NEWLINE, line + 1);
  return name >= 0 && name < end && end < bytes ? name : 0;
}
