import type { FindingCode } from "../findings/codes.js";
import { count, decimal, plural, span } from "../text/figures.js";
import type { Warning } from "../result/types.js";

/**
 * Every warning, each told once: what it says with its figures, and which figures of the result are to be read with
 * care. Codes are stable. The list in results/README.md is made from it. Other languages: `zh.ts`, `told.ts`.
 */

interface Kind<Figures> {
  /** When it comes up, for the list. */
  when: string;
  /** What of the result is less certain for it, for the list. */
  affects: string;
  text(figures: Figures): string;
}

const kind = <Figures extends Warning["figures"]>(when: string, affects: string, text: Kind<Figures>["text"]) => ({
  when,
  affects,
  text,
});

const LOOPBACK =
  "client and server share this machine's loopback, its settings and its other traffic: not comparable with isolated runs";

export const WARNINGS = {
  "no-isolation": kind<{ why: string | null; lack?: string }>(
    "the run wanted a lab and did not get one",
    "all figures",
    ({ why }) => (why === null ? LOOPBACK : `${why}; ${LOOPBACK}`),
  ),
  "sysctls-not-applied": kind<{ settings: string }>(
    "without isolation, a sysctl that the scenario sets has another value",
    "all figures",
    ({ settings }) => `without isolation the scenario's sysctls are not set: ${settings}`,
  ),
  "counted-by-client": kind<Record<string, never>>(
    "without isolation, one host is both sides",
    "`timeWait`",
    () =>
      "without isolation the kernel's counters hold other programs' connections too: TIME_WAIT created is what the client saw of its own, populations are the sockets of the run's port",
  ),
  "sides-by-client": kind<Record<string, never>>(
    "one host is both sides",
    "`timeWait`, `closedFirst`",
    () =>
      "client and server share one host: TIME_WAIT created is the kernel's count, shared out to the sides as the client saw who closed first",
  ),
  "counter-not-calibrated": kind<Record<string, never>>(
    "`TcpExt:TW` did not count a known close",
    "`timeWait.*.created`",
    () =>
      "this kernel's TcpExt:TW does not count sockets that enter TIME_WAIT (Linux does since 5.18): created is what the client saw",
  ),
  "half-closed": kind<{ role: string }>(
    "sockets stayed in FIN_WAIT2",
    "`timeWait.*.peak`, `.end`",
    ({ role }) =>
      `sockets on the ${role} waited in FIN_WAIT2 for a FIN that came late or never; the kernel's gauge holds them too, so the populations are those of the tables, which are read more seldom`,
  ),
  "program-unreadable": kind<{ what: string }>(
    "a known load generator wrote no summary that can be read",
    "`claims`",
    ({ what }) => `${what}: what it says of itself is missing`,
  ),
  "time-wait-before": kind<{ sockets: number; ofWarmUp: boolean }>(
    "sockets were in TIME_WAIT before the load",
    "`timeWait.*.peak`, `.end`",
    ({ sockets, ofWarmUp }) =>
      `${plural(sockets, "socket")} of the server's port ${sockets === 1 ? "was" : "were"} in TIME_WAIT before the load began: populations hold them too. ${ofWarmUp ? "They are the warm-up's, and this kernel does not let them be taken away" : "Wait 60 s between runs"}`,
  ),
  "sampler-late": kind<{ host: string; missed: number; planned: number; latestMs: number }>(
    "a tenth of the gauge's readings was missed",
    "`timeWait.*.peak`; timing in `compare`",
    ({ host, missed, planned, latestMs }) =>
      `the sampler on ${host} missed ${count(missed)} of ${count(planned)} readings (latest by ${span(latestMs)}): its peaks may be higher than seen`,
  ),
  "sampler-fault": kind<{ failed: number; first: string }>(
    "a reading failed",
    "`timeWait.*.peak`, the timeline",
    ({ failed, first }) => `${plural(failed, "reading")} failed, the first with: ${first}`,
  ),
  "client-cpu-bound": kind<{ client: string; cores: number; threads: number }>(
    "the client used 95 % of a core for each thread",
    "`requests.perSec`, latencies",
    ({ client, cores, threads }) =>
      `the client (${client}) used ${cores.toFixed(2)} of ${threads === 1 ? "a core" : `${threads} cores`}: rate and latency may show its limit, not the server's`,
  ),
  "rate-not-kept": kind<{ sentPerSec: number; due: number; unsent: number; connections: number }>(
    "more than 1 % of the requests that were due were not sent",
    "latencies",
    ({ sentPerSec, due, unsent, connections }) =>
      `${count(unsent)} of the ${plural(due, "request")} that were due ${unsent === 1 ? "was" : "were"} never sent, because ${connections === 1 ? "the one connection was" : `all ${connections} connections were`} busy; ${decimal(sentPerSec)} a second were sent. The time that the others would have waited is in no latency`,
  ),
  "books-unbalanced": kind<{
    line: string;
    left: string;
    leftCount: number;
    right: string;
    rightCount: number;
    reason: string;
  }>(
    "two counts of one thing differ",
    "the figure that is named",
    ({ line, left, leftCount, right, rightCount, reason }) =>
      `${line}: ${left} counted ${count(leftCount)}, ${right} ${count(rightCount)} (${reason})`,
  ),
} as const;

export type WarningCode = keyof typeof WARNINGS;

/** Warnings of earlier versions that findings tell today, by the code of these. */
export const FINDINGS_TODAY: Readonly<Record<string, FindingCode>> = {
  "close-ends-in-resets": "resets",
  "ports-used-up": "ports-exhausted",
  "ports-nearly-used-up": "ports-scarce",
  "nat-ports-used-up": "ports-exhausted",
  "conntrack-nearly-full": "conntrack-full",
  "listen-overflow": "listen-overflow",
};

export type FiguresOf<Code extends WarningCode> = Parameters<(typeof WARNINGS)[Code]["text"]>[0];

/** What is found of one trial, or of the run; where it was found is added by whoever knows. */
export type FoundWarning = Pick<Warning, "code" | "message"> & { figures: NonNullable<Warning["figures"]> };

/** A warning with its figures, in words. */
export function warning<Code extends WarningCode>(code: Code, figures: FiguresOf<Code>): FoundWarning {
  const { text } = WARNINGS[code] as Kind<FiguresOf<Code>>;
  return { code, message: text(figures), figures };
}

/** Every warning as a table in Markdown, for results/README.md. */
export function warningsAsMarkdown(): string {
  const rows = Object.entries(WARNINGS).map(([code, { when, affects }]) => [`\`${code}\``, when, affects]);
  const heads = ["code", "when", "read with care"];
  return [heads, heads.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |\n`).join("");
}
