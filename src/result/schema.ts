import { z } from "zod/mini";
import { METRICS } from "../metrics/table.js";
import type { Node } from "../metrics/types.js";
import { VERDICTS } from "../scenario/claim/types.js";
import { TCP_STATES } from "../sampler/types.js";
import { COMPARE_OPS } from "../scenario/types.js";
import { decode } from "../stats/histogram.js";

// zod/mini has no words of its own: "expected number".
z.config(z.locales.en());

/**
 * What reports and comparisons take for granted of a result that was read from a file, which people may have edited,
 * damaged, or made themselves. Fields that nobody reads are not looked at; JSON has no NaN, and infinity is refused.
 */

const number = z.number();
const count = z.number().check(z.gte(0));
const text = z.string();
const nullable = <Type extends z.ZodMiniType>(type: Type): z.ZodMiniOptional<z.ZodMiniNullable<Type>> =>
  z.optional(z.nullable(type));
const bothSides = <Type extends z.ZodMiniType>(type: Type) => z.looseObject({ client: type, server: type });

const histogram = text.check(z.refine(isHistogram, { error: "is no HdrHistogram" }));
/** From the table of metrics. What may be null may be missing too: results of earlier versions lack some of it. */
function schemaOf(node: Node): z.ZodMiniType {
  switch (node.kind) {
    case "number":
      return count;
    case "flag":
      return z.boolean();
    case "or-null":
      return nullable(schemaOf(node.inner));
    case "group":
      return z.looseObject(fieldsOf(node.fields));
    case "family":
      return z.record(text, schemaOf(node.inner));
  }
}

function fieldsOf(fields: Readonly<Record<string, Node>>): Record<string, z.ZodMiniType> {
  return Object.fromEntries(Object.entries(fields).map(([name, node]) => [name, schemaOf(node)]));
}

// Shapes are joined field by field: what `and` joins is compared value by value, and a column may have a million.
const metrics = fieldsOf(METRICS);

const Figure = z.nullable(z.union([number, text]));
const Figures = z.optional(z.record(text, Figure));

/** A column of figures, looked at in one go. */
function columnOf(isValue: (value: unknown) => boolean, value: z.ZodMiniType): z.ZodMiniType {
  const each = z.array(value);
  return z.unknown().check(
    z.superRefine((column, context) => {
      if (Array.isArray(column) && column.every(isValue)) return;
      for (const { path, message } of each.safeParse(column).error?.issues ?? [])
        context.addIssue({ code: "custom", path: [...path], message });
    }),
  );
}

const numbers = columnOf(Number.isFinite, number);
const numbersOrNull = columnOf((value) => value === null || Number.isFinite(value), z.nullable(number));

const columns = (names: readonly string[], column: z.ZodMiniType): Record<string, z.ZodMiniType> =>
  Object.fromEntries(names.map((name) => [name, column]));

const HostTimeline = z.looseObject({
  ...columns(["atMs", "time_wait", "costUs"], numbers),
  established: numbersOrNull,
  time_wait_created: z.optional(numbersOrNull),
  table: z.looseObject({
    ...columns(["atMs", "costUs", ...TCP_STATES], numbers),
    time_wait_accepted: z.optional(numbers),
    time_wait_made: z.optional(numbers),
    conntrack: z.optional(numbers),
    conntrackTimeWait: z.optional(numbersOrNull),
  }),
});

const PortRange = z.looseObject({ low: count, high: count });

const KernelReading = z.looseObject({
  counters: z.record(text, number),
  sysctls: z.record(text, text),
  localPorts: z.nullable(PortRange),
});

const Claims = z.looseObject({
  tool: text,
  requests: z.nullable(number),
  succeeded: z.nullable(number),
  failed: z.nullable(number),
  perSec: z.nullable(number),
  latencyUs: z.nullable(z.looseObject({ p50: z.nullable(number), p99: z.nullable(number) })),
  seconds: z.nullable(number),
  exitCode: z.nullable(number),
});

const AtServer = z.looseObject({
  connections: count,
  faults: z.optional(count),
  requestedMs: nullable(z.looseObject({ first: number, last: number })),
});

const Program = z.looseObject({
  command: text,
  exitCode: z.nullable(number),
  signal: z.nullable(text),
  stopped: z.nullable(text),
  output: text,
});

const Cables = z.looseObject({
  by: text,
  directions: z.array(
    z.looseObject({
      from: text,
      to: text,
      carried: count,
      lost: count,
      ...columns(["frames", "duplicated", "reordered", "overflowed", "lateP50Us", "lateP99Us"], z.nullable(number)),
      missed: z.optional(z.nullable(number)),
    }),
  ),
});

const Trial = z.looseObject({
  ...metrics,
  status: z.enum(["complete", "interrupted", "failed"]),
  order: count,
  durationMs: count,
  figures: Figures,
  steps: z.optional(
    z.array(
      z.looseObject({ step: text, does: text, beganMs: number, endedMs: z.nullable(number), fault: z.nullable(text) }),
    ),
  ),
  clientName: text,
  serverName: text,
  histograms: z.looseObject({
    latencyUs: nullable(histogram),
    uncorrectedLatencyUs: nullable(histogram),
    connectUs: nullable(histogram),
    handshakeUs: nullable(histogram),
    firstByteUs: nullable(histogram),
  }),
  sampling: z.optional(z.record(text, z.looseObject({ everyMs: count, tableEveryMs: count }))),
  timeline: z.looseObject({
    client: z.nullable(HostTimeline),
    server: z.nullable(HostTimeline),
    others: z.optional(z.record(text, HostTimeline)),
    load: z.looseObject({ ...columns(["atMs", "perSec"], numbers), ...columns(["p50Us", "p99Us"], numbersOrNull) }),
  }),
  claims: z.optional(z.nullable(Claims)),
  atServer: z.optional(AtServer),
  program: z.optional(Program),
  cables: z.optional(Cables),
  kernel: bothSides(z.nullable(KernelReading)),
  otherKernels: z.optional(z.record(text, KernelReading)),
  books: z.array(
    z.looseObject({
      name: text,
      left: z.looseObject({ who: text, count: number }),
      right: z.looseObject({ who: text, count: number }),
      difference: number,
      balanced: z.boolean(),
      reason: z.nullable(text),
    }),
  ),
});

const Load = z.looseObject({
  client: text,
  connections: count,
  durationMs: count,
  connection: text,
  closer: text,
  path: text,
  pace: nullable(
    z.looseObject({
      arrivals: text,
      stages: z.array(z.looseObject({ durationMs: count, fromPerSec: count, toPerSec: count })).check(z.minLength(1)),
    }),
  ),
  go: z.optional(z.looseObject({ drain: z.boolean(), idleConnections: z.nullable(count) })),
  sockets: z.optional(z.looseObject({ localPorts: nullable(PortRange) })),
});

/** Steps may hold others. */
const Phase: z.ZodMiniType = z
  .looseObject({ name: text, load: z.optional(Load), phases: z.optional(z.lazy(() => z.array(Phase))) })
  .check(z.refine((step) => step["do"] !== "load" || step.load !== undefined, { error: "is a load without its plan" }));

const Link = z.looseObject({
  from: text,
  to: text,
  delayMs: count,
  jitterMs: count,
  loss: count,
  duplicate: count,
  reorder: count,
  bitsPerSec: z.nullable(count),
});

const Variant = z.looseObject({
  name: text,
  lab: z.looseObject({
    topology: text,
    sysctl: bothSides(z.record(text, text)),
    addresses: z.optional(bothSides(count)),
    nat: z.optional(z.looseObject({ ports: z.nullable(PortRange) })),
    links: z.optional(z.array(Link)),
  }),
  server: z.looseObject({ kind: text }),
  load: Load,
  phases: z.optional(z.array(Phase)),
});

const Gate = z.looseObject({
  text,
  variant: z.nullable(text),
  metric: text,
  right: z.discriminatedUnion("kind", [
    z.looseObject({ kind: z.literal("number"), op: z.enum(COMPARE_OPS), value: number }),
    z.looseObject({ kind: z.literal("base"), op: z.enum(COMPARE_OPS), factor: number }),
    z.looseObject({ kind: z.literal("not-worse") }),
  ]),
});

const Claim = z.looseObject({
  text,
  instead: text,
  sources: z.array(text),
  figures: z.array(z.looseObject({ label: text, variant: text, metric: text })),
});

const ClaimResult = z.looseObject({
  id: text,
  text,
  verdict: z.enum(VERDICTS),
  reason: text,
  figures: z.record(text, Figure),
});

const Finding = z.looseObject({
  code: text,
  severity: z.enum(["problem", "notice", "fact"]),
  variant: text,
  step: z.nullable(text),
  link: z.nullable(z.looseObject({ from: text, to: text })),
  trials: z.looseObject({ found: count, of: count }),
  text,
  remedy: z.nullable(text),
  source: nullable(text),
});

export const RunResultFile = z.looseObject({
  status: z.enum(["complete", "interrupted", "failed"]),
  startedAt: text,
  elapsedMs: count,
  scenario: z.looseObject({
    name: text,
    title: text,
    variants: z.array(Variant),
    expect: z.array(z.looseObject({ text })),
    gates: z.optional(z.array(Gate)),
    claim: nullable(Claim),
    sides: z.optional(z.looseObject({ base: z.looseObject({ label: text }), head: z.looseObject({ label: text }) })),
  }),
  environment: z.looseObject({
    benchVersion: text,
    kernel: text,
    cpu: text,
    cores: count,
    memoryBytes: count,
    node: text,
    platform: text,
    isolation: z.enum(["namespace", "none"]),
    tools: z.record(text, text),
  }),
  variants: z.record(
    text,
    z.looseObject({ trials: z.array(Trial), median: z.nullable(z.looseObject(metrics)), figures: Figures }),
  ),
  expectations: z.array(z.looseObject({ text, holds: z.boolean(), measured: Figure, against: Figure })),
  warnings: z.array(z.looseObject({ code: text, message: text, variant: z.optional(text), trial: z.optional(count) })),
  findings: z.optional(z.array(Finding)),
  claim: z.optional(ClaimResult),
  error: z.optional(z.looseObject({ code: text, message: text, hint: text })),
});

/** The first thing that is wrong with a result, in words: `variants.close.trials[0].requests.sent is "12", not a number`. */
export function faultOf(document: unknown): string | null {
  const parsed = RunResultFile.safeParse(document);
  if (parsed.success) return null;
  const { path, message } = parsed.error.issues[0]!;
  const place = path.map((step) => (typeof step === "number" ? `[${step}]` : `.${String(step)}`)).join("");
  return `${place.replace(/^\./u, "") || "it"}: ${message.charAt(0).toLowerCase()}${message.slice(1)}`;
}

function isHistogram(base64: string): boolean {
  try {
    decode(base64);
    return true;
  } catch {
    return false;
  }
}
