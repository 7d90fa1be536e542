import { addressKey, type AddressKey, ipv4Key } from "../kernel/address-key.js";
import { UnreadableError } from "./parse-counters.js";
import { isState, type SocketSink } from "./socket-counts.js";

const TIME_WAIT = 6;
/** Timers are told in ticks of USER_HZ, which is 100 on every machine that we run on. */
const MS_PER_TICK = 10;
/** From the state to the timer's end: ` tx_queue:rx_queue tr:`, of fixed widths (net/ipv4/tcp_ipv4.c, get_tcp4_sock). */
const STATE_TO_TIMER = 24;

const IPV4_DIGITS = 8;
const IPV6_DIGITS = 32;

const NEWLINE = 10;
const SPACE = 32;
const COLON = 58;

/**
 * Counts the sockets of one /proc/net/tcp or tcp6 (net/ipv4/tcp_ipv4.c, tcp4_seq_show). Fed in pieces, since at half a
 * million sockets the text is 75 MB; a line may be split anywhere.
 */
export class TableParser {
  #rest: Buffer = Buffer.alloc(0);
  #line = 0;
  readonly #bytes = new Uint8Array(16);
  readonly #file: string;
  readonly #counts: SocketSink;

  /** Adds to `counts`, so that both families can go into one. */
  constructor(file: string, counts: SocketSink) {
    this.#file = file;
    this.#counts = counts;
  }

  /** @throws UnreadableError for a line that is not a socket's */
  push(piece: Buffer): void {
    const text = this.#rest.length === 0 ? piece : Buffer.concat([this.#rest, piece]);
    let start = 0;
    for (let end = text.indexOf(NEWLINE); end >= 0; end = text.indexOf(NEWLINE, start)) {
      this.#countLine(text, start, end);
      start = end + 1;
    }
    // The piece's buffer is used again for the next read: what is kept has to be a copy.
    this.#rest = Buffer.from(text.subarray(start));
  }

  /** @throws UnreadableError when the text ends inside a line */
  end(): void {
    if (this.#line === 0) throw new UnreadableError(`${this.#file} is empty`);
    if (this.#rest.length > 0) throw new UnreadableError(`${this.#file} ends inside line ${this.#line + 1}`);
  }

  /** `   0: 0100007F:1F90 00000000:0000 0A …`: number, local address:port, remote address:port, state, all hexadecimal. */
  #countLine(text: Buffer, start: number, end: number): void {
    this.#line++;
    if (this.#line === 1) {
      if (!text.toString("latin1", start, end).includes("local_address")) this.#fail();
      return;
    }
    let at = start;
    while (at < end && text[at] !== COLON) at++;
    at = this.#skipSpaces(text, at + 1, end);
    const local = at;
    const localColon = text.indexOf(COLON, at);
    const localPort = this.#hex(text, localColon + 1, localColon + 5, end);
    const remote = this.#skipSpaces(text, localColon + 5, end);
    const remoteColon = text.indexOf(COLON, remote);
    const remotePort = this.#hex(text, remoteColon + 1, remoteColon + 5, end);
    const stateAt = this.#skipSpaces(text, remoteColon + 5, end);
    const state = this.#hex(text, stateAt, stateAt + 2, end);
    if (localColon < 0 || remoteColon < 0 || !isState(state)) return this.#fail();
    const timer = stateAt + STATE_TO_TIMER;
    const leftMs = state === TIME_WAIT ? this.#hex(text, timer, timer + 8, end) * MS_PER_TICK : 0;
    this.#counts.add(
      state,
      localPort,
      remotePort,
      leftMs,
      this.#address(text, local, localColon, end),
      this.#address(text, remote, remoteColon, end),
    );
  }

  /** Written as words of 32 bits in the machine's own byte order (`%08X`), one for IPv4, four for IPv6. */
  #address(text: Buffer, from: number, to: number, end: number): AddressKey {
    if (to - from !== IPV4_DIGITS && to - from !== IPV6_DIGITS) return this.#fail();
    const byte = (at: number): number => this.#hex(text, from + 2 * at, from + 2 * at + 2, end);
    if (to - from === IPV4_DIGITS) return ipv4Key(byte(3), byte(2), byte(1), byte(0));
    for (let at = 0; at < 16; at++) this.#bytes[at] = byte((at & ~3) + 3 - (at & 3));
    return addressKey(this.#bytes, 0, "ipv6");
  }

  #skipSpaces(text: Buffer, from: number, end: number): number {
    let at = from;
    while (at < end && text[at] === SPACE) at++;
    return at;
  }

  #hex(text: Buffer, from: number, to: number, end: number): number {
    if (to > end) return this.#fail();
    let value = 0;
    for (let at = from; at < to; at++) {
      const digit = hexDigit(text[at]!);
      if (digit < 0) return this.#fail();
      value = value * 16 + digit;
    }
    return value;
  }

  #fail(): never {
    throw new UnreadableError(`${this.#file}, line ${this.#line}: not a line of a socket table`);
  }
}

function hexDigit(byte: number): number {
  if (byte >= 48 && byte <= 57) return byte - 48;
  if (byte >= 65 && byte <= 70) return byte - 55;
  if (byte >= 97 && byte <= 102) return byte - 87;
  return -1;
}
