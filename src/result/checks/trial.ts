import { z } from "zod/mini";
import { TCP_STATES } from "../../sampler/types.js";
import {
  bothSides,
  columns,
  count,
  savedFigures,
  histogram,
  metrics,
  nullable,
  number,
  numbers,
  numbersOrNull,
  savedPorts,
  text,
} from "./values.js";

/** One trial of a saved result. */

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

const KernelReading = z.looseObject({
  counters: z.record(text, number),
  sysctls: z.record(text, text),
  localPorts: z.nullable(savedPorts),
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

export const SavedTrial = z.looseObject({
  ...metrics,
  status: z.enum(["complete", "interrupted", "failed"]),
  order: count,
  durationMs: count,
  figures: savedFigures,
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
