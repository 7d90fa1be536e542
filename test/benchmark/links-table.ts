import { machineLine } from "./markdown.js";
import { quantile } from "./ratios.js";
import type { Machine } from "./types.js";

/** Numbers of datagrams, and milliseconds since an origin that both ends know, by the clock of the kernel's packet sockets. */
export type Times = [number: number, atMs: number][];

export interface LinkRow {
  by: "forwarder" | "netem";
  /** As set, each way. */
  delayMs: number;
  /** Medians, as the client epoll says. */
  connectMs: number;
  requestMs: number;
  /** Of each frame that came, from its leaving to its coming. */
  oneWayMs: readonly number[];
}

/** A delay is as promised when it is off by no more than one of them. */
const PART = 0.05;
const ABSOLUTE_MS = 0.2;

/** How long each was under way. @throws Error when most are missing: then nothing was measured */
export function oneWayOf(left: Times, came: Times): number[] {
  const at = new Map(left);
  const took = came.flatMap(([number, ms]) => (at.has(number) ? [ms - at.get(number)!] : []));
  if (took.length < left.length / 2 || took.length === 0)
    throw new Error(`of ${left.length} frames only ${took.length} were seen at both ends`);
  return took;
}

export function isAsPromised(tookMs: number, delayMs: number): boolean {
  return Math.abs(tookMs - delayMs) <= Math.max(PART * delayMs, ABSOLUTE_MS);
}

export function linksMarkdown(rows: readonly LinkRow[], machine: Machine, lacks: readonly string[]): string {
  const ms = (figure: number): string => `${figure.toFixed(2)} ms`;
  const cells = rows.map(({ by, delayMs, connectMs, requestMs, oneWayMs }) => [
    `${delayMs} ms`,
    by,
    ms(connectMs),
    ms(requestMs),
    ms(quantile(oneWayMs, 0.5)),
    ms(quantile(oneWayMs, 0.99)),
    `${((oneWayMs.filter((took) => isAsPromised(took, delayMs)).length / oneWayMs.length) * 100).toFixed(1)} % of ${oneWayMs.length}`,
  ]);
  const head = ["delay each way", "by", "connect()", "a request", "a frame, median", "p99", "within 5 % or 0.2 ms"];
  const table = [head, head.map(() => "---"), ...cells].map((row) => `| ${row.join(" | ")} |`);
  const notes = lacks.map((lack) => `Not measured: ${lack}.`);
  return `${table.join("\n")}\n\n${[machineLine(machine), ...notes].join(" ")}\n`;
}
