import { EPOLLIN, Epoll } from "../kernel/epoll.js";
import { FramePort, TO_DO_BYTES } from "../kernel/frame-port.js";
import { monotonicMs } from "../kernel/clock.js";
import { prctl, PR_SET_TIMERSLACK } from "../kernel/prctl.js";
import { wallClock } from "../kernel/wall-clock.js";
import { seeded } from "../stats/random.js";
import { plainLink } from "../scenario/types.js";
import { Direction } from "./direction.js";
import { DueQueue } from "./due.js";
import { Frames } from "./frames.js";
import type { CableTask, DirectionCounts } from "./types.js";

/** So many frames are taken in, or sent on, before the other is looked after. */
const AT_ONCE = 64;
/** A wait is never longer: whoever has to end this thread can. */
const LONGEST_WAIT_MS = 200;
const ETHERNET_ADDRESS_BYTES = 6;
/** No frame lies longer in a ring; where one seems to, the wall clock was set meanwhile. */
const LONGEST_AGE_MS = 1000;
const ORDERS = 0xffff;

/** Carries frames between the ends of cables, each as late, as often and as fast as its direction says. */
export class Forwarder {
  readonly #ports: FramePort[];
  /** `from * ports + to`. */
  readonly #directions: Direction[];
  /** By the last four bytes of a card's address, which are the host's own. */
  readonly #portOf = new Map<number, number>();
  readonly #epoll: Epoll;
  readonly #frames = new Frames();
  readonly #due = new DueQueue();
  readonly #wallMs = wallClock();
  /** What the wall clock lacks to the monotonic one, by which frames are sent on. */
  #offsetMs = 0;
  readonly #names: string[];

  /** @throws Error when a device cannot be opened; LibcUnavailableError */
  constructor({ ends, links }: CableTask) {
    this.#names = ends.map(({ host }) => host);
    this.#ports = ends.map(({ device }) => FramePort.open(device));
    for (const [port, { hardware }] of ends.entries())
      this.#portOf.set(Buffer.from(hardware.replaceAll(":", ""), "hex").readUInt32BE(2), port);
    this.#directions = ends.flatMap((from, out) =>
      ends.map((to, into) => new Direction(plainLink(from.host, to.host), seeded(1 + out * ends.length + into))),
    );
    this.change(links);
    this.#epoll = Epoll.open(ends.length + 1);
    for (const [at, { fd }] of this.#ports.entries()) this.#epoll.add(fd, EPOLLIN, at);
  }

  change(links: CableTask["links"]): void {
    for (const link of links) {
      const direction = this.#direction(this.#names.indexOf(link.from), this.#names.indexOf(link.to));
      if (direction !== undefined) direction.plan = link;
    }
  }

  get counts(): DirectionCounts[] {
    const missed = this.#ports.map((port) => port.missed);
    return this.#directions
      .map(({ counts }, at) => ({ ...counts, missed: missed[Math.floor(at / this.#ports.length)]! }))
      .filter(({ from, to }) => from !== to);
  }

  /**
   * For as long as the thread lives.
   * @param ordersFd readable when there is something to do beside, which `takeOrders` then does
   */
  run(ordersFd: number, takeOrders: () => void): never {
    this.#epoll.add(ordersFd, EPOLLIN, ORDERS);
    // What is due is sent on time, and not along with something else that the kernel wakes up for.
    prctl(PR_SET_TIMERSLACK, 1);
    for (;;) {
      const took = this.#takeIn();
      const sent = this.#sendOn();
      // As long as there is work the kernel is not asked to wait, and yet orders are taken.
      const waitMs = took || sent ? 0 : Math.min(LONGEST_WAIT_MS, Math.max(0, this.#due.earliest - monotonicMs()));
      if (waitMs === 0 && !this.#timeForOrders()) continue;
      const events = this.#epoll.wait(waitMs);
      for (let at = 0; at < events; at++) if (this.#epoll.tagAt(at) === ORDERS) takeOrders();
    }
  }

  #rounds = 0;
  #timeForOrders(): boolean {
    return ++this.#rounds % 256 === 0;
  }

  /** Of each port in turn. false when there was nothing. */
  #takeIn(): boolean {
    let took = false;
    this.#offsetMs = monotonicMs() - this.#wallMs.now();
    for (const [from, port] of this.#ports.entries())
      for (let count = 0; count < AT_ONCE && port.look(); count++) {
        this.#take(from, port);
        port.next();
        took = true;
      }
    return took;
  }

  #take(from: number, port: FramePort): void {
    const frame = port.from + TO_DO_BYTES;
    const isForMany = (port.bytes[frame]! & 1) === 1;
    if (isForMany) {
      for (let to = 0; to < this.#ports.length; to++) if (to !== from) this.#enter(from, to, port);
      return;
    }
    // A card that nobody has: the frame is nobody's.
    const to = this.#portOf.get(port.bytes.readUInt32BE(frame + ETHERNET_ADDRESS_BYTES - 4));
    if (to !== undefined && to !== from && port.bytes[frame + 1] === 0) this.#enter(from, to, port);
  }

  #enter(from: number, to: number, port: FramePort): void {
    const number = from * this.#ports.length + to;
    const direction = this.#directions[number]!;
    const bytes = port.length - TO_DO_BYTES;
    const nowMs = monotonicMs();
    const cameMs = this.#wallMs.of(port.seconds, port.nanoseconds) + this.#offsetMs;
    const beganMs = Math.min(nowMs, Math.max(nowMs - LONGEST_AGE_MS, cameMs));
    for (let copies = direction.copies(); copies > 0; copies--) {
      const dueMs = direction.dueMs(beganMs, bytes);
      if (dueMs === null) continue;
      const place = port.whole
        ? this.#frames.keep(port.bytes, port.from, port.length, { port: to, direction: number })
        : null;
      if (place === null) direction.overflow();
      else this.#due.put(dueMs, place);
    }
  }

  /** false when nothing was due. */
  #sendOn(): boolean {
    if (this.#due.size === 0) return false;
    let nowMs = monotonicMs();
    let count = 0;
    for (; count < AT_ONCE; count++) {
      const dueMs = this.#due.earliest;
      if (dueMs > nowMs && dueMs > (nowMs = monotonicMs())) break;
      const place = this.#due.take();
      const direction = this.#directions[this.#frames.directionOf(place)]!;
      const sent = this.#ports[this.#frames.portOf(place)]!.send(
        this.#frames.addressOf(place),
        this.#frames.lengthOf(place),
      );
      this.#frames.free(place);
      if (sent) direction.carried(nowMs - dueMs);
      else direction.overflow();
    }
    return count > 0;
  }

  #direction(from: number, to: number): Direction | undefined {
    return this.#directions[from * this.#ports.length + to];
  }
}
