import { z } from "zod/mini";
import { parseComparison } from "../expect/expectation.js";
import type { LinkChange } from "../parts/lab-types.js";
import { TCP_STATES } from "../parts/load-types.js";
import { commandLine } from "../parts/command-line.js";
import { milliseconds } from "../parts/duration.js";
import { surroundings } from "../parts/lab-schema.js";
import { CABLED } from "../parts/lab-conflicts.js";
import { directionsOf, effectsOf, LinkFile, linkName } from "../parts/links.js";
import * as rule from "../parts/rules.js";
import { defaulted, field } from "../parts/rules.js";
import { kind, type StepPlace } from "./kind.js";

/** Steps that read, set or run something on a host, or do nothing for a while. */

export const on = defaulted(rule.variantName(), "The host on which it is done.", "client");
export const timeout = defaulted(
  rule.duration(),
  "What takes longer is ended: a call on a socket fails as ETIMEDOUT, a command is killed with all that it has started.",
  "5s",
);
const port = defaulted(
  z.nullable(rule.whole(1, 65_535)),
  "Only sockets with this port at either end. null: all.",
  null,
);

const STATE = "sockets in this state, over IPv4 and IPv6";
const READING = {
  ...Object.fromEntries(TCP_STATES.map((state) => [state, STATE])),
  ...Object.fromEntries(TCP_STATES.map((state) => [`local.${state}`, `${STATE}, whose own end has \`port\``])),
  ...Object.fromEntries(TCP_STATES.map((state) => [`remote.${state}`, `${STATE}, whose other end has \`port\``])),
  sockets: "sockets in all states",
  timerMinMs: "the shortest time that one in TIME_WAIT still has",
  timerMaxMs: "the longest time that one in TIME_WAIT still has",
  finWait2TimerMs: "what the last of those in FIN_WAIT2 that no program has any more still has",
  gauge: "TIME_WAIT and such FIN_WAIT2 by /proc/net/sockstat, whatever the port",
  descriptors: "open files of all that was started on the host",
  conntrack: "tracked connections",
  conntrackTimeWait: "those that are tracked as TIME_WAIT",
  conntrackTimeWaitLeftMs: "the longest time that one of these still has",
  bytesPerTimeWait: "the kernel's object for one TIME_WAIT over IPv4",
  bytesPerSocket: "the kernel's object for one socket over IPv4",
};
/** The kernel's counters by their own names. */
const isCounter = (figure: string): boolean => /^[A-Z][A-Za-z0-9]+$/.test(figure);
const isWord = (figure: string): boolean => /^[A-Za-z0-9][A-Za-z0-9_-]*$/.test(figure);

export function isReading(figure: string): boolean {
  return Object.hasOwn(READING, figure) || isCounter(figure);
}

export const HOST_KINDS = {
  wait: kind({
    does: "Does nothing for a while.",
    fields: { for: rule.duration().check(z.describe("How long to wait.")) },
    figures: {
      tookMs: "how long it really was",
      lateMs: "how much longer than asked for: more than some milliseconds on a machine that has too much to do",
    },
    meant: (file) => ({ forMs: milliseconds(file.for) }),
  }),
  sysctl: kind({
    does: "Reads one setting of a host, and writes it unless `value` is null.",
    fields: {
      on,
      key: rule.sysctlKey().check(z.describe("A sysctl of the host, such as net.ipv4.tcp_fin_timeout.")),
      value: defaulted(z.nullable(rule.sysctlValue()), "What is written; null: it is only read.", null),
      optional: defaulted(
        z.boolean({ error: "must be true or false" }),
        "true: a claim is judged also where this could not be written.",
        false,
      ),
    },
    figures: {
      outcome: "`written` or `read`, or why not: `absent`, `forbidden`, `refused`",
      before: "the value that was there; null where it is absent",
      after: "the value that is there then; null where it is absent",
    },
    meant: ({ on: host, key, value, optional }) => ({
      on: host,
      key,
      value: value === null ? null : String(value),
      optional,
    }),
  }),
  read: kind({
    does: "Reads what a host's kernel has at this moment.",
    fields: { on, port },
    figures: READING,
    free: { has: isCounter, help: "a counter of `Tcp` or `TcpExt` since the trial began: `TW`, `ListenOverflows`" },
    meant: (file) => ({ on: file.on, port: file.port }),
  }),
  await: kind({
    does: "Looks until a figure of a reading is as wanted.",
    fields: {
      on,
      port,
      until: rule.oneLine().check(z.describe("`<figure> <op> <number>`, a figure of `read`: `time_wait == 0`.")),
      within: defaulted(rule.duration(), "Gives up after so long.", "10s"),
      every: defaulted(rule.duration(), "Looks so often.", "10ms"),
    },
    figures: {
      reached: "1 when it came to be so, else 0",
      tookMs: "how long that took",
      blindMs: "the time between its last two looks: by so much `tookMs` may be too long",
      value: "the last value that was seen",
    },
    meant: (file, { report }) => {
      const wanted = parseComparison(file.until);
      if (wanted === null || !isReading(wanted.figure)) {
        const hint = "such as `time_wait == 0` or `TCPKeepAlive >= 2`";
        report(["until"], `\`${file.until}\` is not \`<figure of read> <op> <number>\``, hint);
        return null;
      }
      const times = { withinMs: milliseconds(file.within), everyMs: milliseconds(file.every) };
      return { on: file.on, port: file.port, ...wanted, ...times };
    },
  }),
  link: kind({
    does: "Takes a host's cable away, so that its peers notice nothing but silence, or puts it back. With `between`: changes what the cable between two hosts does.",
    fields: {
      on,
      state: field(z.enum(["up", "down"]), "`down` takes the cable of the host `on` away, `up` puts it back."),
      between: field(
        linkName(),
        "Two hosts, as in `lab.links`: `client-server`, or one direction, `client>server`. What is not said of their cable stays as it is.",
      ),
      ...LinkFile.shape,
    },
    figures: {},
    meant: linkStep,
  }),
  command: kind({
    does: "Runs a command line on a host, and counts what it prints.",
    fields: {
      on,
      command: rule.commandLine().check(z.describe("Run by `sh -c`; a host's name in braces stands for its address.")),
      ...surroundings,
      count: defaulted(z.nullable(rule.regularExpression()), "Counts its first group over all lines of stdout.", null),
      number: defaulted(
        z.nullable(rule.regularExpression()),
        "Its first group, in the first line of stdout that matches.",
        null,
      ),
      timeout,
    },
    figures: {
      exitCode: "null when a signal ended it",
      signal: "the signal that ended it, such as `SIGKILL`; `none` when it exited by itself",
      timedOut: "1 when it was killed because its `timeout` was over, else 0",
      output: "the last lines that it printed, to stdout or stderr; null when it printed nothing",
      lines: "lines of stdout",
      number: "what `number` found; null when nothing matched",
      counted: "all matches of `count`",
    },
    free: { has: isWord, help: "a text that `count` found: how often it came" },
    meant: (file, { path, around }) => ({
      on: file.on,
      ...commandLine({ command: file.command, cwd: file.cwd, env: file.env }, path, around.cwdOf),
      count: file.count,
      number: file.number,
      timeoutMs: milliseconds(file.timeout),
    }),
  }),
};

type LinkStepFile = LinkFile & { on: string; state?: "up" | "down" | undefined; between?: string | undefined };

function linkStep(
  { on: host, state, between, ...file }: LinkStepFile,
  { around, report }: StepPlace,
): { on: string; state: "up" | "down" | null; changes: LinkChange[] } | null {
  const effects = effectsOf(file);
  const named = Object.keys(file).find((name) => file[name as keyof LinkFile] !== undefined);
  if (between === undefined) {
    if (named !== undefined)
      report([named], `\`${named}\` is of a cable \`between\` two hosts`, "write `between: client-server`");
    else if (state === undefined) report([], "a link step needs a `state`, or `between`", "write `state: down`");
    else return { on: host, state, changes: [] };
    return null;
  }
  if (state !== undefined) {
    report(["state"], "`state` is of all that a host is joined by, `between` of one cable", "write two steps");
    return null;
  }
  if (!CABLED.includes(around.lab.topology)) {
    report(
      ["between"],
      `\`topology: ${around.lab.topology}\` has no cables that could do anything`,
      `write \`topology: ${CABLED[0]}\``,
    );
    return null;
  }
  const directions = directionsOf(between, around.hosts);
  if (!Array.isArray(directions)) report(["between"], directions.message, directions.hint);
  else if (named === undefined)
    report(["between"], "it does not say what changes", "write a `delay`, `loss` or `rate`");
  else return { on: host, state: null, changes: directions.map((direction) => Object.assign({}, direction, effects)) };
  return null;
}
