import { z } from "zod/mini";
import { DEFAULTS } from "./defaults.js";
import { program } from "./lab-schema.js";
import { SERVER_FAULTS } from "./lab-types.js";
import { field } from "./rules.js";
import * as rule from "./rules.js";

/** `server` and `sample` as written. */

const kindHelp =
  "What serves: `node` (embedded), `epoll` (embedded, quicker, Linux only), `go` (net/http), `command` (any program), `external` (already runs), `misbehaving` (see its fields), `none` (single sockets play the server).";
const common = {
  port: field(rule.whole(1, 65_535), "The port that the server listens on.", DEFAULTS.server.port),
  readyTimeout: field(rule.duration(), "How long the server may take until it is ready.", DEFAULTS.server.readyTimeout),
};
const url = rule
  .httpUrl()
  .check(z.describe("Where the server already runs, on this machine's loopback: http://127.0.0.1:3000."));

const bodyBytes = field(
  z.nullable(rule.whole(1, 100_000_000)),
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
  answerAfter: field(z.nullable(rule.duration()), "It lets every request wait so long.", DEFAULTS.server.answerAfter),
  idleTimeout: field(
    z.nullable(rule.duration()),
    "It closes connections on which nothing has come for so long. null: never.",
    DEFAULTS.server.idleTimeout,
  ),
  closes: field(
    z.union([z.enum(["at-once", "after-client", "never"]), rule.duration()], {
      error: "must be `at-once`, `after-client`, `never` or a duration",
    }),
    "When it closes once the client has closed or asked for it: `at-once`, `never`, or so much later. `after-client`: at once when the client has closed, and never before.",
    DEFAULTS.server.closes,
  ),
  fault: field(
    z.nullable(z.enum(SERVER_FAULTS)),
    "What it does to every `faultEvery`-th request of a connection: `closes` (says so, and closes behind the answer), `hangs-up` (closes behind it without a word), `resets`, `stalls`, `answers-500`. null: nothing.",
    DEFAULTS.server.fault,
  ),
  faultEvery: field(
    rule.whole(1, 1_000_000),
    "Which requests of a connection meet the `fault`: 10 is every tenth.",
    DEFAULTS.server.faultEvery,
  ),
};

export const ServerFile = z.discriminatedUnion("kind", [
  z.strictObject({ kind: field(z.literal("node"), kindHelp, DEFAULTS.server.kind), ...common }),
  z.strictObject({ kind: z.literal("epoll").check(z.describe(kindHelp)), ...common }),
  z.strictObject({ kind: z.literal("go").check(z.describe(kindHelp)), ...common, bodyBytes }),
  z.strictObject({ kind: z.literal("misbehaving").check(z.describe(kindHelp)), ...common, ...manners }),
  z.strictObject({ kind: z.literal("none").check(z.describe(kindHelp)), ...common }),
  z.strictObject({ kind: z.literal("command").check(z.describe(kindHelp)), ...common, ...program }),
  z.strictObject({ kind: z.literal("external").check(z.describe(kindHelp)), readyTimeout: common.readyTimeout, url }),
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
  ...program,
  command: z.optional(program.command),
  url: z.optional(url),
});

export const SampleFile = z.strictObject({
  every: field(rule.duration(), "Between two readings of each host's TIME_WAIT count.", DEFAULTS.sample.every),
  table: field(rule.duration(), "Between two readings of the whole table of TCP states.", DEFAULTS.sample.table),
});
