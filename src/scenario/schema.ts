import { ClaimFile } from "./claim/schema.js";
import { DEFAULTS } from "./parts/defaults.js";
import { LabFile } from "./parts/lab-schema.js";
import { LoadFile } from "./parts/load-schema.js";
import { field } from "./parts/rules.js";
import { SampleFile, ServerFile, ServerOverride } from "./parts/server-schema.js";
import { PhasesFile } from "./phases/kinds.js";
import { z } from "zod/mini";
import * as rule from "./parts/rules.js";

/** A scenario as written. Strict: a field that is not here is a mistake. Descriptions become help in editors. */

const Matrix = z
  .record(
    rule.matrixKey(),
    z
      .array(z.union([z.number(), z.boolean(), z.string(), z.null()]), { error: "must be a list of values" })
      .check(z.minLength(1, { error: "must hold at least one value" })),
  )
  .check(z.refine((matrix) => Object.keys(matrix).length > 0, { error: "must hold at least one field" }));

export const VariantName = rule.variantName();

export const VariantFile = z.nullable(
  z.strictObject({
    lab: field(LabFile, "What is different in this variant's lab."),
    server: field(ServerOverride, "What is different in this variant's server."),
    load: field(LoadFile, "What is different in this variant's load."),
    sample: field(SampleFile, "What is different in this variant's sampling."),
    phases: field(PhasesFile, "What is different in this variant's steps. A step that is null is left out."),
  }),
);
export type VariantFile = z.infer<typeof VariantFile>;

export const ScenarioFile = z.strictObject({
  title: field(rule.oneLine(), "One line that says what the scenario is. Without it the file's name is the title."),
  explanation: field(
    rule.paragraphs(),
    "What the scenario shows and what to take from it; several paragraphs are fine.",
  ),
  lab: field(LabFile, "The hosts, and how they are joined."),
  server: field(ServerFile, "What serves the requests."),
  load: field(LoadFile, "The requests: how many, for how long, and what becomes of the connections."),
  sample: field(SampleFile, "How often the sockets are counted."),
  phases: field(
    PhasesFile,
    "What is done instead of one load: named steps in this order, in one lab, each with figures that `expect` can name.",
  ),
  matrix: field(
    Matrix,
    "Every combination of these values is a variant: by a sysctl's name (tcp_tw_reuse, client.tcp_tw_reuse) or a dotted field.",
  ),
  variants: z
    .optional(
      z
        .record(VariantName, VariantFile)
        .check(z.refine((variants) => Object.keys(variants).length > 0, { error: "must hold at least one variant" })),
    )
    .check(
      z.meta({
        description:
          "What is compared. Each variant overrides what stands above, and runs in a fresh lab. Without `variants` there is one, called as the file.",
        minProperties: 1,
      }),
    ),
  parallel: field(
    z.boolean({ error: "must be true or false" }),
    "It waits more than it works: it may run at the same time as others that say so.",
    DEFAULTS.parallel,
  ),
  needs: field(
    z.array(rule.programName(), { error: "must be a list of programs" }),
    "Programs that it cannot do without, besides those that make a lab.",
  ),
  claim: field(ClaimFile, "A claim that it puts to the test, and the rules for the verdict."),
  expect: field(
    z.array(z.string({ error: "must be text" })),
    "What must hold: `<variant>.<metric> <op> <number | name | factor * variant.metric>`. With one variant its name may be left out. Or that nothing of a code was found: `no ports-exhausted`, `<variant> no requests-failed` (results/README.md).",
  ),
  gates: field(
    z.array(z.string({ error: "must be text" })),
    "What must hold against a base, in bench compare: `<metric> <op> <number | factor * base>` or `<metric> not worse`.",
  ),
});
export type ScenarioFile = z.infer<typeof ScenarioFile>;
