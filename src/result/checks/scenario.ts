import { z } from "zod/mini";
import { COMPARE_OPS } from "../../scenario/types.js";
import { bothSides, count, nullable, number, savedPorts, text } from "./values.js";

/** The scenario in a saved result: as it was meant. */

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
  sockets: z.optional(z.looseObject({ localPorts: nullable(savedPorts) })),
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

export const SavedVariant = z.looseObject({
  name: text,
  lab: z.looseObject({
    topology: text,
    sysctl: bothSides(z.record(text, text)),
    addresses: z.optional(bothSides(count)),
    nat: z.optional(z.looseObject({ ports: z.nullable(savedPorts) })),
    links: z.optional(z.array(Link)),
  }),
  server: z.looseObject({ kind: text }),
  load: Load,
  phases: z.optional(z.array(Phase)),
});

export const SavedGate = z.looseObject({
  text,
  variant: z.nullable(text),
  metric: text,
  right: z.discriminatedUnion("kind", [
    z.looseObject({ kind: z.literal("number"), op: z.enum(COMPARE_OPS), value: number }),
    z.looseObject({ kind: z.literal("base"), op: z.enum(COMPARE_OPS), factor: number }),
    z.looseObject({ kind: z.literal("not-worse") }),
  ]),
});

export const SavedClaim = z.looseObject({
  text,
  instead: text,
  sources: z.array(text),
  figures: z.array(z.looseObject({ label: text, variant: text, metric: text })),
});
