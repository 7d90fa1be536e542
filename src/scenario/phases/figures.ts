import { isNumericMetric, METRIC_NAMES, NAME_METRIC } from "../../metrics/names.js";
import { TCP_STATES } from "../parts/load-types.js";
import type { StepKind } from "./schema.js";

/** Which figures a step yields, so that a rule that speaks of another one is found before anything runs. */

const OF_SOCKETS = ["errno", "succeeded", "failed", "tookMs", "slowestMs"];
const ANSWERS = ["ack", "synAck", "rst", "finAck", "other", "silent"];
const ENDS = ["", "local.", "remote."];
const OF_HOST = [
  ...ENDS.flatMap((end) => TCP_STATES.map((state) => end + state)),
  "timerMinMs",
  "timerMaxMs",
  "finWait2TimerMs",
  "sockets",
  "gauge",
  "descriptors",
  "conntrack",
  "conntrackTimeWait",
  "conntrackTimeWaitLeftMs",
  "bytesPerTimeWait",
  "bytesPerSocket",
];

const FIGURES: Record<StepKind, readonly string[]> = {
  load: [...METRIC_NAMES, NAME_METRIC],
  wait: [],
  sysctl: ["outcome", "before", "after"],
  read: OF_HOST,
  await: ["reached", "tookMs", "value"],
  link: [],
  command: ["exitCode", "lines", "number", "counted"],
  together: [],
  "in-turn": [],
  listen: [...OF_SOCKETS, "failedCall"],
  accept: OF_SOCKETS,
  bind: OF_SOCKETS,
  connect: [...OF_SOCKETS, "localPort", "failedCall", "pending"],
  outcome: OF_SOCKETS,
  options: OF_SOCKETS,
  send: [...OF_SOCKETS, "bytes"],
  receive: [...OF_SOCKETS, "bytes", "ended", "status"],
  shutdown: OF_SOCKETS,
  close: OF_SOCKETS,
  segment: [...OF_SOCKETS, "answer", "answerMs", ...ANSWERS],
  flood: [...OF_SOCKETS, "sent"],
};

/** The kernel's counters, and the words that a command's output is counted by, are free. */
const FREE: Partial<Record<StepKind, RegExp>> = {
  read: /^[A-Z][A-Za-z0-9]+$/,
  command: /^[A-Za-z0-9][A-Za-z0-9_-]*$/,
};

export function isFigureOf(kind: StepKind, figure: string): boolean {
  if (FIGURES[kind].includes(figure)) return true;
  return kind === "load" ? isNumericMetric(figure) : (FREE[kind]?.test(figure) ?? false);
}

export function figuresOf(kind: StepKind): readonly string[] {
  return FIGURES[kind];
}
