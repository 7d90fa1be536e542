import { z } from "zod/mini";
import { DEFAULTS } from "./defaults.js";
import { LINKS_BY, STARTS } from "./lab-types.js";
import { LinkFile, linkName } from "./links.js";
import { field } from "./rules.js";
import * as rule from "./rules.js";

/** `lab` as written: the hosts, and how they are joined. */

/** Where a command line runs, and with which environment variables. */
export const surroundings = {
  cwd: field(
    rule.folder(),
    "The folder in which the command runs, relative to the folder of this file, which it is unless said otherwise.",
  ),
  env: z
    .optional(
      z.record(rule.environmentName(), rule.environmentValue(), { error: "must be a map of environment variables" }),
    )
    .check(
      z.meta({
        description:
          "Environment variables, added to those of bench; placeholders are replaced as in the command: `{ PORT: '{port}' }`.",
      }),
    ),
};

const command = rule
  .commandLine()
  .check(
    z.describe(
      "The program, run by `sh -c`. {host} and {port} stand for where it has to listen, {server} for that host's address; ${host} is left to the shell.",
    ),
  );

const ready = field(
  z.union(
    [
      z.literal("tcp"),
      z.strictObject({ http: rule.requestPath().check(z.describe("Ready when a GET of this path is answered.")) }),
      z.strictObject({
        line: rule.regularExpression().check(z.describe("Ready when a line of the program's output matches this.")),
      }),
    ],
    { error: "must be `tcp`, {http: /path} or {line: regular expression}" },
  ),
  "When the server counts as ready: `tcp` (it accepts connections), {http: /path} or {line: regular expression}.",
  DEFAULTS.server.ready,
);

/** A program under test, or one that runs beside it. */
export const program = {
  command,
  ...surroundings,
  ready,
  user: field(
    rule.accountName(),
    "The account that the program runs as, such as postgres. In a lab of a user that takes subordinate ids (subuid(5)); `root` is the lab's own. Without it, whoever runs bench.",
  ),
};

const beside = {
  ...program,
  command: command.check(
    z.describe(
      "A program that runs on it from before the load; {host}, {port} and the names of hosts in braces are replaced.",
    ),
  ),
  port: field(rule.whole(1, 65_535), "The port that the program listens on.", DEFAULTS.server.port),
  readyTimeout: field(
    rule.duration(),
    "How long the program may take until it is ready.",
    DEFAULTS.server.readyTimeout,
  ),
  starts: field(
    z.enum(STARTS),
    "`before-server`: what the server needs, such as a database. `after-server`: what needs the server.",
    DEFAULTS.lab.starts,
  ),
};

/** A host with nothing behind its name is one on which nothing runs by itself. */
const HostFile = z.nullable(
  z.strictObject({
    ...beside,
    command: z.optional(beside.command),
    programs: field(
      z
        .array(z.strictObject(beside), { error: "must be a list of programs" })
        .check(z.minLength(1, { error: "must have at least one program" })),
      "Several programs, in place of `command`: each starts when the one before it is ready.",
    ),
  }),
);

const ProxyFile = z.strictObject({
  kind: field(z.enum(["nginx", "haproxy"]), "The program that is the proxy.", DEFAULTS.lab.proxy.kind),
  upstream: field(
    z.enum(["close", "keep-alive"]),
    "`close`: the proxy asks the server on a connection of its own for each request. `keep-alive`: it uses them again.",
    DEFAULTS.lab.proxy.upstream,
  ),
  connections: field(
    rule.whole(1, 10_000),
    "How many idle connections to the server it keeps for later, with `upstream: keep-alive`.",
    DEFAULTS.lab.proxy.connections,
  ),
});

export const LabFile = z.strictObject({
  topology: field(
    z.enum(["loopback", "two-hosts", "hosts", "nat", "proxy"]),
    "`two-hosts`: client and server each on a host of their own, joined by a cable. `loopback`: both on one host. `hosts`: any hosts on one switch. `nat`: several clients behind one address. `proxy`: a reverse proxy between client and server.",
    DEFAULTS.lab.topology,
  ),
  family: field(
    z.enum(["ipv4", "ipv6"]),
    "Over which the hosts speak with each other: their addresses, and what servers listen on, are of it.",
    DEFAULTS.lab.family,
  ),
  hosts: z.optional(z.record(rule.hostName(), HostFile, { error: "must be a map of hosts" })).check(
    z.meta({
      description:
        "The hosts of `topology: hosts` by name, `client` and `server` among them: `{ client: {}, server: {}, third: {} }`.",
    }),
  ),
  clients: field(
    rule.whole(1, 64),
    "How many clients are behind the NAT: `client`, `client-2`, `client-3`, … (`topology: nat`).",
    DEFAULTS.lab.clients,
  ),
  natPorts: field(
    z.nullable(rule.portRange()),
    "The ports that the NAT gives to connections, low-high. null: the clients' own, where they are free (`topology: nat`).",
    DEFAULTS.lab.natPorts,
  ),
  proxy: field(ProxyFile, "What stands before the server, on a host `proxy` of its own (`topology: proxy`)."),
  links: field(
    z.record(linkName(), LinkFile, { error: "must be a map of links" }),
    "What cables do besides carrying, by the two hosts at their ends: `{ client-server: { delay: 10ms, loss: 1 % } }`. It counts one way and holds in both directions, unless the name says one: `client>server`.",
  ),
  linksBy: field(
    z.enum(LINKS_BY),
    "What does that: `netem`, the kernel's own; `forwarder`, a process of ours, which every kernel permits; `auto`: the first of them that this machine has.",
    DEFAULTS.lab.linksBy,
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
  sysctl: z.optional(z.record(rule.hostName(), rule.sysctls(), { error: "must be a map of hosts" })).check(
    z.meta({
      description:
        "Kernel settings by host, private to the lab: `{ client: { net.ipv4.tcp_tw_reuse: 1 } }`. That one is 0 unless it is set here. Behind a NAT those of `client` are every client's.",
    }),
  ),
});
export type LabFile = z.infer<typeof LabFile>;
