import { z } from "zod";
import { METRICS } from "../metrics/table.js";
import type { Node } from "../metrics/types.js";
import { VERDICTS } from "../scenario/claim/types.js";
import { TCP_STATES } from "../sampler/types.js";
import { COMPARE_OPS } from "../scenario/types.js";
import { decode } from "../stats/histogram.js";

/**
 * What reports and comparisons take for granted of a result that was read from a file, which people may have edited,
 * damaged, or made themselves. Fields that nobody reads are not looked at; JSON has no NaN, and infinity is refused.
 */

const number = z.number();
const count = z.number().min(0);
const text = z.string();
const nullable = <Type extends z.ZodType>(type: Type): z.ZodOptional<z.ZodNullable<Type>> => type.nullable().optional();
const bothSides = <Type extends z.ZodType>(type: Type) => z.looseObject({ client: type, server: type });

const histogram = text.refine(isHistogram, { error: "is no HdrHistogram" });
/** From the table of metrics. What may be null may be missing too: results of earlier versions lack some of it. */
function schemaOf(node: Node): z.ZodType {
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

function fieldsOf(fields: Readonly<Record<string, Node>>): Record<string, z.ZodType> {
  return Object.fromEntries(Object.entries(fields).map(([name, node]) => [name, schemaOf(node)]));
}

// Shapes are joined field by field: what `and` joins is compared value by value, and a column may have a million.
const metrics = fieldsOf(METRICS);

const Figure = z.union([number, text]).nullable();
const Figures = z.record(text, Figure).optional();

/** A column of figures, looked at in one go. */
function columnOf(isValue: (value: unknown) => boolean, value: z.ZodType): z.ZodType {
  const each = z.array(value);
  return z.unknown().superRefine((column, context) => {
    if (Array.isArray(column) && column.every(isValue)) return;
    for (const { path, message } of each.safeParse(column).error?.issues ?? [])
      context.addIssue({ code: "custom", path: [...path], message });
  });
}

const numbers = columnOf(Number.isFinite, number);
const numbersOrNull = columnOf((value) => value === null || Number.isFinite(value), number.nullable());

const columns = (names: readonly string[], column: z.ZodType): Record<string, z.ZodType> =>
  Object.fromEntries(names.map((name) => [name, column]));

const HostTimeline = z.looseObject({
  ...columns(["atMs", "time_wait", "costUs"], numbers),
  established: numbersOrNull,
  time_wait_created: numbersOrNull.optional(),
  table: z.looseObject({
    ...columns(["atMs", "costUs", ...TCP_STATES], numbers),
    time_wait_accepted: numbers.optional(),
    time_wait_made: numbers.optional(),
    conntrack: numbers.optional(),
    conntrackTimeWait: numbersOrNull.optional(),
  }),
});

const PortRange = z.looseObject({ low: count, high: count });

const KernelReading = z.looseObject({
  counters: z.record(text, number),
  sysctls: z.record(text, text),
  localPorts: PortRange.nullable(),
});

const Claims = z.looseObject({
  tool: text,
  requests: number.nullable(),
  succeeded: number.nullable(),
  failed: number.nullable(),
  perSec: number.nullable(),
  latencyUs: z.looseObject({ p50: number.nullable(), p99: number.nullable() }).nullable(),
  seconds: number.nullable(),
  exitCode: number.nullable(),
});

const AtServer = z.looseObject({
  connections: count,
  faults: count.optional(),
  requestedMs: nullable(z.looseObject({ first: number, last: number })),
});

const Program = z.looseObject({
  command: text,
  exitCode: number.nullable(),
  signal: text.nullable(),
  stopped: text.nullable(),
  output: text,
});

const Trial = z.looseObject({
  ...metrics,
  status: z.enum(["complete", "interrupted", "failed"]),
  order: count,
  durationMs: count,
  figures: Figures,
  steps: z
    .array(
      z.looseObject({ step: text, does: text, beganMs: number, endedMs: number.nullable(), fault: text.nullable() }),
    )
    .optional(),
  clientName: text,
  serverName: text,
  histograms: z.looseObject({
    latencyUs: nullable(histogram),
    uncorrectedLatencyUs: nullable(histogram),
    connectUs: nullable(histogram),
    firstByteUs: nullable(histogram),
  }),
  sampling: z.record(text, z.looseObject({ everyMs: count, tableEveryMs: count })).optional(),
  timeline: z.looseObject({
    client: HostTimeline.nullable(),
    server: HostTimeline.nullable(),
    others: z.record(text, HostTimeline).optional(),
    load: z.looseObject({ ...columns(["atMs", "perSec"], numbers), ...columns(["p50Us", "p99Us"], numbersOrNull) }),
  }),
  claims: Claims.nullable().optional(),
  atServer: AtServer.optional(),
  program: Program.optional(),
  kernel: bothSides(KernelReading.nullable()),
  otherKernels: z.record(text, KernelReading).optional(),
  books: z.array(
    z.looseObject({
      name: text,
      left: z.looseObject({ who: text, count: number }),
      right: z.looseObject({ who: text, count: number }),
      difference: number,
      balanced: z.boolean(),
      reason: text.nullable(),
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
      stages: z.array(z.looseObject({ durationMs: count, fromPerSec: count, toPerSec: count })).min(1),
    }),
  ),
  go: z.looseObject({ drain: z.boolean(), idleConnections: count.nullable() }).optional(),
  sockets: z.looseObject({ localPorts: nullable(PortRange) }).optional(),
});

/** Steps may hold others. */
const Phase: z.ZodType = z
  .looseObject({ name: text, load: Load.optional(), phases: z.lazy(() => z.array(Phase)).optional() })
  .refine((step) => step["do"] !== "load" || step.load !== undefined, { error: "is a load without its plan" });

const Variant = z.looseObject({
  name: text,
  lab: z.looseObject({
    topology: text,
    sysctl: bothSides(z.record(text, text)),
    addresses: bothSides(count).optional(),
    nat: z.looseObject({ ports: PortRange.nullable() }).optional(),
  }),
  server: z.looseObject({ kind: text }),
  load: Load,
  phases: z.array(Phase).optional(),
});

const Gate = z.looseObject({
  text,
  variant: text.nullable(),
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
  step: text.nullable(),
  link: z.looseObject({ from: text, to: text }).nullable(),
  trials: z.looseObject({ found: count, of: count }),
  text,
  remedy: text.nullable(),
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
    gates: z.array(Gate).optional(),
    claim: nullable(Claim),
    sides: z.looseObject({ base: z.looseObject({ label: text }), head: z.looseObject({ label: text }) }).optional(),
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
    z.looseObject({ trials: z.array(Trial), median: z.looseObject(metrics).nullable(), figures: Figures }),
  ),
  expectations: z.array(z.looseObject({ text, holds: z.boolean(), measured: Figure, against: Figure })),
  warnings: z.array(z.looseObject({ code: text, message: text, variant: text.optional(), trial: count.optional() })),
  findings: z.array(Finding).optional(),
  claim: ClaimResult.optional(),
  error: z.looseObject({ code: text, message: text, hint: text }).optional(),
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
