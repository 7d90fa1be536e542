import { z } from "zod";
import { DEFAULTS } from "./defaults.js";
import { ClaimFile } from "./claim/schema.js";
import { command, LabFile, ready } from "./lab-schema.js";
import { LoadFile } from "./load-schema.js";
import { PhasesFile } from "./phases/schema.js";
import * as rule from "./rules.js";
import { field } from "./rules.js";

/** A scenario as written. Strict: a field that is not here is a mistake. Descriptions become help in editors. */

const kindHelp =
  "What serves: `node` (embedded), `epoll` (embedded, quicker, Linux only), `go` (net/http), `command` (any program), `external` (already runs), `misbehaving` (see its fields), `none` (single sockets play the server).";
const common = {
  port: field(rule.whole(1, 65_535), "The port that the server listens on.", DEFAULTS.server.port),
  readyTimeout: field(rule.duration(), "How long the server may take until it is ready.", DEFAULTS.server.readyTimeout),
};
const url = rule
  .httpUrl()
  .describe("Where the server already runs, on this machine's loopback: http://127.0.0.1:3000.");

const bodyBytes = field(
  rule.whole(1, 100_000_000).nullable(),
  "How long the body of a response is (go only). null: `Hello, World!`.",
  DEFAULTS.server.bodyBytes,
);

const manners = {
  backlog: field(rule.whole(0, 65_535), "The backlog of listen().", DEFAULTS.server.backlog),
  accepts: field(
    z.boolean({ error: "must be true or false" }),
    "false: it listens, and never takes a connection out of the queue.",
    DEFAULTS.server.accepts,
  ),
  answerAfter: field(rule.duration().nullable(), "It lets every request wait so long.", DEFAULTS.server.answerAfter),
  idleTimeout: field(
    rule.duration().nullable(),
    "It closes connections on which nothing has come for so long. null: never.",
    DEFAULTS.server.idleTimeout,
  ),
  closes: field(
    z.union([z.enum(["at-once", "never"]), rule.duration()], { error: "must be `at-once`, `never` or a duration" }),
    "When it closes once the client has closed or asked for it: `at-once`, `never`, or so much later.",
    DEFAULTS.server.closes,
  ),
};

export const ServerFile = z.discriminatedUnion("kind", [
  z.strictObject({ kind: field(z.literal("node"), kindHelp, DEFAULTS.server.kind), ...common }),
  z.strictObject({ kind: z.literal("epoll").describe(kindHelp), ...common }),
  z.strictObject({ kind: z.literal("go").describe(kindHelp), ...common, bodyBytes }),
  z.strictObject({ kind: z.literal("misbehaving").describe(kindHelp), ...common, ...manners }),
  z.strictObject({ kind: z.literal("none").describe(kindHelp), ...common }),
  z.strictObject({ kind: z.literal("command").describe(kindHelp), ...common, command, ready }),
  z.strictObject({ kind: z.literal("external").describe(kindHelp), readyTimeout: common.readyTimeout, url }),
]);
export type ServerFile = z.infer<typeof ServerFile>;

export const ServerKind = field(
  z.enum(["node", "epoll", "go", "misbehaving", "none", "command", "external"]),
  kindHelp,
);

/** In a variant each field may stand alone; what they come to is checked after the merge. */
export const ServerOverride = z.strictObject({
  kind: ServerKind,
  ...common,
  bodyBytes,
  ...manners,
  command: command.optional(),
  ready,
  url: url.optional(),
});

export const SampleFile = z.strictObject({
  every: field(rule.duration(), "Between two readings of each host's TIME_WAIT count.", DEFAULTS.sample.every),
  table: field(rule.duration(), "Between two readings of the whole table of TCP states.", DEFAULTS.sample.table),
});

const Matrix = z
  .record(
    rule.matrixKey(),
    z
      .array(z.union([z.number(), z.boolean(), z.string(), z.null()]), { error: "must be a list of values" })
      .min(1, { error: "must hold at least one value" }),
  )
  .refine((matrix) => Object.keys(matrix).length > 0, { error: "must hold at least one field" });

export const VariantName = rule.variantName();

export const VariantFile = z
  .strictObject({
    lab: field(LabFile, "What is different in this variant's lab."),
    server: field(ServerOverride, "What is different in this variant's server."),
    load: field(LoadFile, "What is different in this variant's load."),
    sample: field(SampleFile, "What is different in this variant's sampling."),
    phases: field(PhasesFile, "What is different in this variant's steps. A step that is null is left out."),
  })
  /** A name with nothing behind it: the scenario as it stands above. */
  .nullable();
export type VariantFile = z.infer<typeof VariantFile>;

export const ScenarioFile = z.strictObject({
  title: rule.oneLine().describe("One line that says what the scenario is."),
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
    .record(VariantName, VariantFile)
    .refine((variants) => Object.keys(variants).length > 0, { error: "must hold at least one variant" })
    .meta({
      description: "What is compared. Each variant overrides what stands above, and runs in a fresh lab.",
      minProperties: 1,
    }),
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
    "What must hold: `<variant>.<metric> <op> <number | name | factor * variant.metric>`.",
  ),
  gates: field(
    z.array(z.string({ error: "must be text" })),
    "What must hold against a base, in bench compare: `<metric> <op> <number | factor * base>` or `<metric> not worse`.",
  ),
});
export type ScenarioFile = z.infer<typeof ScenarioFile>;
