import { distance, type ArrivedSegment } from "./segment.js";
import { rounded, type Tally } from "./tally.js";
import type { Figures } from "./types.js";
import type { Arrived, Watch, Watched } from "./watch.js";

/** In the order in which the names of a segment's flags are put together. */
const NAMED_FLAGS = ["SYN", "FIN", "ACK"] as const;
const FIGURE_OF_ANSWER: Readonly<Record<string, string>> = {
  ACK: "ack",
  "SYN-ACK": "synAck",
  RST: "rst",
  "FIN-ACK": "finAck",
};
/** So many segments have figures of their own. */
const LISTED = 8;

/** What comes for one connection, by the numbers that each side would have sent next when it began. */
interface Course {
  sinceMs: number;
  next: number | null;
  peersNext: number | null;
  timestamp: Watched["timestamp"];
  arrived: Arrived[];
}

/** What comes for each connection to which a segment was sent, or that is listened to. */
export class Answers {
  readonly #watch: Watch | null;
  readonly #until: string | null;
  readonly #courses = new Map<Watched, Course>();

  /**
   * @param watch null: nothing comes
   * @param until the flags of the only answer that counts; null: any
   */
  constructor(watch: Watch | null, until: string | null) {
    this.#watch = watch;
    this.#until = until;
  }

  /** What comes from now on. In the order of `figures`. */
  expect(connection: Watched, sinceMs: number): void {
    connection.arrived.length = 0;
    connection.heardFrom = connection;
    this.hear(connection, sinceMs);
  }

  /** What has come already, too. */
  hear(connection: Watched, sinceMs: number): void {
    const { next, peersNext, timestamp } = connection.heardFrom;
    this.#courses.set(connection, { sinceMs, next, peersNext, timestamp, arrived: [] });
  }

  look(): void {
    this.#watch?.look();
    for (const [connection, course] of this.#courses) course.arrived.push(...connection.arrived.splice(0));
  }

  /** Until each has an answer, or for `collectMs`; at most until the time is over. */
  waitFor(tally: Tally, collectMs: number | null): void {
    const endMs = collectMs === null ? 0 : Math.max(0, tally.leftMs - collectMs);
    for (;;) {
      const leftMs = Math.max(0, tally.leftMs - endMs);
      this.look();
      if (leftMs === 0 || (collectMs === null && this.#all.every((course) => this.#answerOf(course) !== undefined)))
        break;
      this.#watch?.wait(leftMs);
    }
    for (const connection of this.#courses.keys()) mark(connection);
  }

  figures(): Figures {
    const counts: Record<string, number> = { ack: 0, synAck: 0, rst: 0, finAck: 0, other: 0, silent: 0 };
    for (const course of this.#all) {
      const answer = this.#answerOf(course);
      const figure = answer === undefined ? "silent" : (FIGURE_OF_ANSWER[nameOf(answer.segment)] ?? "other");
      counts[figure] = counts[figure]! + 1;
    }
    const [first] = this.#all;
    const answer = first === undefined ? undefined : this.#answerOf(first);
    const said = first === undefined || answer === undefined ? null : saidBy(answer, first);
    return {
      answer: first === undefined ? null : (said?.flags ?? "none"),
      answerMs: answer === undefined ? null : rounded(answer.atMs - first!.sinceMs),
      answerSeq: said?.seq ?? null,
      answerAck: said?.ack ?? null,
      answerWindow: said?.window ?? null,
      answerBytes: said?.bytes ?? null,
      answerEcho: said?.echo ?? null,
      answerTimestamp: said?.timestamp ?? null,
      arrived: first?.arrived.length ?? 0,
      repeats: first?.arrived.filter(({ repeats }) => repeats).length ?? 0,
      ...counts,
      // One that is the answer is told already.
      ...(first === undefined || (first.arrived.length === 1 && answer !== undefined) ? {} : listed(first)),
    };
  }

  get #all(): Course[] {
    return [...this.#courses.values()];
  }

  /** The first that would not have come by itself. */
  #answerOf({ arrived }: Course): Arrived | undefined {
    const until = this.#until;
    return arrived.find(({ repeats, segment }) => !repeats && (until === null || nameOf(segment) === until));
  }
}

/** From now on what comes is new. */
export function mark(connection: Watched): void {
  const { next, peersNext, timestamp } = connection;
  connection.heardFrom = { next, peersNext, timestamp };
}

function listed(course: Course): Figures {
  return Object.fromEntries(
    course.arrived
      .slice(0, LISTED)
      .flatMap((arrived, at) =>
        Object.entries(saidBy(arrived, course)).map(([what, value]) => [`${at + 1}.${what}`, value] as const),
      ),
  );
}

/** Numbers count from those that each side would have sent next. */
function saidBy({ segment, repeats }: Arrived, { next, peersNext, timestamp }: Course) {
  const acknowledges = segment.flags.has("ACK");
  const from = (value: number | undefined, base: number | null | undefined): number | null =>
    value === undefined || base === null || base === undefined ? null : distance(value, base);
  return {
    flags: nameOf(segment),
    seq: from(segment.sequence, peersNext),
    ack: acknowledges ? from(segment.acknowledgement, next) : null,
    window: segment.window,
    bytes: segment.dataBytes,
    echo: from(segment.timestamp?.echo, timestamp?.own),
    timestamp: from(segment.timestamp?.value, timestamp?.peers),
    repeat: repeats ? 1 : 0,
  };
}

/** A RST is one whether it acknowledges something or not. */
function nameOf({ flags }: ArrivedSegment): string {
  if (flags.has("RST")) return "RST";
  return NAMED_FLAGS.filter((flag) => flags.has(flag)).join("-");
}
