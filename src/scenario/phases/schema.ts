import { z } from "zod";
import * as rule from "../parts/rules.js";
import { surroundings } from "../parts/lab-schema.js";
import { LoadFile } from "../parts/load-schema.js";
import { field } from "../parts/rules.js";

/** The steps of `phases`, as written. One table of fields: a name means the same wherever it stands. */

const flag = (help: string) => field(z.boolean({ error: "must be true or false" }), help, false);
const host = (help: string, fallback: string) => field(rule.variantName(), help, fallback);

const F = {
  on: host("The host on which it is done.", "client"),
  to: host("The host that is spoken to; for sockets also `silence`, where nobody answers.", "server"),
  load: field(LoadFile, "What is different in this load."),
  for: rule.duration().describe("How long to wait."),
  key: rule.sysctlKey().describe("A sysctl of the host, such as net.ipv4.tcp_fin_timeout."),
  value: field(rule.sysctlValue().nullable(), "What is written; null: it is only read.", null),
  port: rule.whole(1, 65_535),
  watched: field(rule.whole(1, 65_535).nullable(), "Only sockets with this port at either end. null: all.", null),
  until: rule.oneLine().describe("`<figure> <op> <number>`, a figure of `read`: `time_wait == 0`."),
  within: field(rule.duration(), "Gives up after so long.", "10s"),
  every: field(rule.duration(), "Looks so often.", "10ms"),
  state: z.enum(["up", "down"]).describe("`down` takes the host's cable away, `up` puts it back."),
  command: rule.commandLine().describe("Run by `sh -c`; a host's name in braces stands for its address."),
  count: field(rule.regularExpression().nullable(), "Counts its first group over all lines.", null),
  number: field(rule.regularExpression().nullable(), "Its first group, in the first line that matches.", null),
  socket: rule.variantName().describe("The name of the socket, or of all of them where there are several."),
  of: rule.variantName().describe("The listening socket."),
  backlog: field(rule.whole(0, 65_535), "The backlog of listen().", 128),
  sockets: field(rule.whole(1, 20_000), "How many.", 1),
  from: field(rule.whole(1, 65_535).nullable(), "The local port; several take the next ones. null: any.", null),
  watch: flag("Keeps what arrives for it, so that `segment` can go on where it ended."),
  pending: flag("Does not wait for the connection: `outcome` does."),
  text: field(z.string({ error: "must be text" }).min(1).max(65_536), "What is sent."),
  bytes: field(rule.whole(1, 1_000_000_000), "How many bytes are sent."),
  upTo: field(
    z.union([z.enum(["end", "head"]), rule.whole(1, 1_000_000_000)], {
      error: "must be `end`, `head` or a number of bytes",
    }),
    "`end`: the peer's FIN. `head`: the end of an HTTP response's head. Or a number of bytes.",
    "end",
  ),
  flags: z
    .array(z.enum(["FIN", "ACK", "SYN", "RST"]), { error: "must be a list of FIN, ACK, SYN, RST" })
    .min(1, { error: "must hold at least one flag" })
    .describe("Of the segment."),
  sequence: field(
    z.union([z.literal("repeat"), z.int()], { error: "must be `repeat` or a whole number" }),
    "`repeat`: the number of its last FIN. Else counted from the next number it would send.",
    0,
  ),
  timestamp: field(z.int().nullable(), "Counted from its last timestamp. null: no such option.", 1),
  timeout: field(rule.duration(), "A call that lasts longer fails as ETIMEDOUT.", "5s"),
  reuseAddress: flag("SO_REUSEADDR before bind()."),
  linger: field(rule.wholeSecondsOrZero().nullable(), "SO_LINGER, in whole seconds. null: off.", null),
  nonBlocking: flag("O_NONBLOCK."),
  keepAlive: flag("SO_KEEPALIVE."),
};

const options = {
  reuseAddress: F.reuseAddress,
  linger: F.linger,
  nonBlocking: F.nonBlocking,
  keepAlive: F.keepAlive,
};
const onSocket = { on: F.on, socket: F.socket, timeout: F.timeout };
const inner = z
  .record(
    rule.variantName(),
    z.lazy((): z.ZodType => StepOverride),
  )
  .meta({ description: "The steps, by name." });

const KINDS = {
  load: { on: F.on, to: F.to, load: F.load },
  wait: { for: F.for },
  sysctl: { on: F.on, key: F.key, value: F.value },
  read: { on: F.on, port: F.watched },
  await: { on: F.on, port: F.watched, until: F.until, within: F.within, every: F.every },
  link: { on: F.on, state: F.state },
  command: { on: F.on, command: F.command, ...surroundings, count: F.count, number: F.number, timeout: F.timeout },
  together: { phases: inner },
  "in-turn": { phases: inner },
  listen: { ...onSocket, ...options, port: F.port.describe("The port."), backlog: F.backlog },
  accept: { ...onSocket, of: F.of, sockets: F.sockets },
  bind: { ...onSocket, ...options, port: F.port },
  connect: {
    ...onSocket,
    ...options,
    to: F.to,
    port: F.port.describe("The port on that host."),
    from: F.from,
    sockets: F.sockets,
    watch: F.watch,
    pending: F.pending,
  },
  outcome: onSocket,
  options: { ...onSocket, ...options },
  send: { ...onSocket, text: F.text, bytes: F.bytes },
  receive: { ...onSocket, upTo: F.upTo },
  shutdown: onSocket,
  close: onSocket,
  segment: { ...onSocket, flags: F.flags, sequence: F.sequence, timestamp: F.timestamp },
  flood: { ...onSocket, to: F.to, port: F.port, sockets: F.sockets },
} as const;
type Kinds = typeof KINDS;
export type StepKind = keyof Kinds;
export const STEP_KINDS = Object.keys(KINDS) as [StepKind, ...StepKind[]];

const doHelp = "What is done: a load, a wait, a reading, a setting, or something with a single socket.";

/** What is left of a step when everything was said about it; `do` stands beside. */
export const STEPS = Object.fromEntries(
  Object.entries(KINDS).map(([kind, fields]) => [kind, z.strictObject(fields as Record<string, z.ZodType>)]),
) as unknown as { [Kind in StepKind]: z.ZodType<StepFile<Kind>> };
/** What may be said of a step of this kind, beside `do`. */
export function fieldsOf(kind: StepKind): string[] {
  return Object.keys(KINDS[kind]);
}
export type StepFile<Kind extends StepKind> = z.infer<z.ZodObject<Kinds[Kind]>>;

/** Each field may stand alone, since a variant changes single fields; what they come to is checked after the merge. */
const everyField: Record<string, z.ZodType> = {
  ...Object.fromEntries(Object.values(KINDS).flatMap((fields) => Object.entries<z.ZodType>(fields))),
  phases: inner,
  port: F.port.nullable().describe("The port that is listened on, bound or connected to, or whose sockets are read."),
};
export const StepOverride = z.strictObject({
  do: field(z.enum(STEP_KINDS), doHelp),
  ...Object.fromEntries(Object.entries(everyField).map(([name, schema]) => [name, schema.optional()])),
});

export const PhasesFile = z.record(rule.variantName(), StepOverride.nullable());
export type PhasesFile = z.infer<typeof PhasesFile>;
