import { z } from "zod";
import { DEFAULTS } from "./defaults.js";
import * as rule from "./rules.js";
import { field } from "./rules.js";

/** A scenario as written. Strict: a field that is not here is a mistake. Descriptions become help in editors. */

export const LabFile = z.strictObject({
  topology: field(
    z.enum(["loopback", "two-hosts"]),
    "`two-hosts`: client and server each on a host of their own, joined by a cable. `loopback`: both on one host.",
    DEFAULTS.lab.topology,
  ),
  addresses: field(
    z.strictObject({
      client: field(rule.whole(1, 10_000), "Addresses of the client's host.", DEFAULTS.lab.addresses),
      server: field(rule.whole(1, 10_000), "Addresses of the server's host.", DEFAULTS.lab.addresses),
    }),
    "How many addresses each host has. Connections go from and to all of them in turn; only `client: epoll` does that.",
  ),
  memory: field(
    rule.memory(),
    "Free memory that the run needs, such as 900MB: with less it is refused before it starts.",
  ),
  sysctl: field(
    z.strictObject({
      client: field(rule.sysctls(), "Sysctls of the client's host, such as `net.ipv4.tcp_tw_reuse: 1`."),
      server: field(rule.sysctls(), "Sysctls of the server's host."),
    }),
    "Kernel settings by host, private to the lab. `net.ipv4.tcp_tw_reuse` is 0 unless it is set here.",
  ),
});

const kindHelp =
  "What serves: `node` (embedded), `epoll` (embedded, quicker, Linux only), `go` (net/http), `command` (any program), `external` (already runs).";
const common = {
  port: field(rule.whole(1, 65_535), "The port that the server listens on.", DEFAULTS.server.port),
  readyTimeout: field(rule.duration(), "How long the server may take until it is ready.", DEFAULTS.server.readyTimeout),
};
const command = rule
  .commandLine()
  .describe("The program, run by `sh -c`; {host} and {port} are replaced by where it has to listen.");
const ready = field(
  z.union(
    [
      z.literal("tcp"),
      z.strictObject({ http: rule.requestPath().describe("Ready when a GET of this path is answered.") }),
      z.strictObject({
        line: rule.regularExpression().describe("Ready when a line of the program's output matches this."),
      }),
    ],
    { error: "must be `tcp`, {http: /path} or {line: regular expression}" },
  ),
  "When the server counts as ready: `tcp` (it accepts connections), {http: /path} or {line: regular expression}.",
  DEFAULTS.server.ready,
);
const url = rule
  .httpUrl()
  .describe("Where the server already runs, on this machine's loopback: http://127.0.0.1:3000.");

export const ServerFile = z.discriminatedUnion("kind", [
  z.strictObject({ kind: field(z.literal("node"), kindHelp, DEFAULTS.server.kind), ...common }),
  z.strictObject({ kind: z.literal("epoll").describe(kindHelp), ...common }),
  z.strictObject({ kind: z.literal("go").describe(kindHelp), ...common }),
  z.strictObject({ kind: z.literal("command").describe(kindHelp), ...common, command, ready }),
  z.strictObject({ kind: z.literal("external").describe(kindHelp), readyTimeout: common.readyTimeout, url }),
]);
export type ServerFile = z.infer<typeof ServerFile>;

export const ServerKind = field(z.enum(["node", "epoll", "go", "command", "external"]), kindHelp);

/** In a variant each field may stand alone; what they come to is checked after the merge. */
export const ServerOverride = z.strictObject({
  kind: ServerKind,
  ...common,
  command: command.optional(),
  ready,
  url: url.optional(),
});

const Stage = z.strictObject({
  duration: rule.duration().describe("How long the stage lasts."),
  rate: rule
    .perSecond({ from: 0 })
    .describe("Requests per second at its end; the rate changes evenly from that of the stage before."),
});

export const LoadFile = z.strictObject({
  client: field(
    z.enum(["auto", "epoll", "undici", "autocannon"]),
    "The program that makes the load. `auto`: the best that this machine can run.",
    DEFAULTS.load.client,
  ),
  connections: field(
    rule.whole(1, 100_000),
    "Connections open at the same time; each has one request under way.",
    DEFAULTS.load.connections,
  ),
  duration: field(rule.duration(), "How long requests are sent.", DEFAULTS.load.duration),
  warmup: field(
    rule.duration().nullable(),
    "The same load goes before it for so long, from the same client to the same server, and is in no figure. null: none.",
    DEFAULTS.load.warmup,
  ),
  requests: field(
    rule.whole(1, 1_000_000_000).nullable(),
    "Ends the load after so many requests, if the duration does not end it first. null: no limit.",
    DEFAULTS.load.requests,
  ),
  connection: field(
    z.enum(["close", "keep-alive"]),
    "`close`: a connection for each request. `keep-alive`: connections are used again.",
    DEFAULTS.load.connection,
  ),
  requestsPerConnection: field(
    rule.whole(1, 1_000_000_000).nullable(),
    "Requests on one connection before it is closed. null: as many as it lasts, or 1 with `connection: close`.",
  ),
  closer: field(
    z.enum(["client", "server", "reset"]),
    "Who sends the first FIN, and so holds TIME_WAIT. By default the server, with endless keep-alive the client. `reset`: the client, by a RST, which leaves none (epoll only).",
  ),
  threads: field(
    rule.whole(1, 64),
    "Threads that share out the connections (epoll only).",
    DEFAULTS.load.sockets.threads,
  ),
  linger: field(
    rule.wholeSeconds().nullable(),
    "SO_LINGER: close() waits so long for the peer's acknowledgement, in whole seconds (epoll only). null: it does not.",
    DEFAULTS.load.sockets.linger,
  ),
  bind: field(
    z.enum(["late", "early"]),
    "When a connection gets its port. `late`: in connect(), free towards one destination. `early`: in bind(), free towards all (epoll only).",
    DEFAULTS.load.sockets.bind,
  ),
  localPorts: field(
    rule.portRange().nullable(),
    "Local ports for this client, low-high (epoll only). null: net.ipv4.ip_local_port_range.",
    DEFAULTS.load.sockets.localPorts,
  ),
  reuseAddress: field(
    z.boolean({ error: "must be true or false" }),
    "SO_REUSEADDR before bind() (epoll only).",
    DEFAULTS.load.sockets.reuseAddress,
  ),
  path: field(rule.requestPath(), "The path that is requested.", DEFAULTS.load.path),
  timeout: field(
    rule.duration(),
    "A request without its whole response after so long counts as failed (ETIMEDOUT).",
    DEFAULTS.load.timeout,
  ),
  rate: field(
    rule.perSecond({ above: 0 }).nullable(),
    "Requests per second to start, whether or not earlier ones are answered; latency counts from the time that each was meant to start. With `stages`: the rate they begin with. null: each connection's next request as soon as it can.",
    DEFAULTS.load.rate,
  ),
  arrivals: field(
    z.enum(["constant", "poisson"]),
    "`constant`: the requests of a rate are evenly spaced. `poisson`: as if each came by itself.",
    DEFAULTS.load.arrivals,
  ),
  stages: field(
    z
      .array(Stage, { error: "must be a list of stages: {duration: 10s, rate: 500}" })
      .min(1, { error: "must hold at least one stage" })
      .nullable(),
    "Ramps, one after the other. The load lasts as long as they do.",
  ),
});
export type LoadFile = z.infer<typeof LoadFile>;

export const SampleFile = z.strictObject({
  every: field(rule.duration(), "Between two readings of each host's TIME_WAIT count.", DEFAULTS.sample.every),
  table: field(rule.duration(), "Between two readings of the whole table of TCP states.", DEFAULTS.sample.table),
});

export const VariantName = rule.variantName();

export const VariantFile = z
  .strictObject({
    lab: field(LabFile, "What is different in this variant's lab."),
    server: field(ServerOverride, "What is different in this variant's server."),
    load: field(LoadFile, "What is different in this variant's load."),
    sample: field(SampleFile, "What is different in this variant's sampling."),
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
  variants: z
    .record(VariantName, VariantFile)
    .refine((variants) => Object.keys(variants).length > 0, { error: "must hold at least one variant" })
    .meta({
      description: "What is compared. Each variant overrides what stands above, and runs in a fresh lab.",
      minProperties: 1,
    }),
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
