import { z } from "zod/mini";
import { DEFAULTS } from "./defaults.js";
import { field } from "./rules.js";
import { OWN_CLIENTS, TLS_CHECKS, TOOL_NAMES } from "./load-types.js";
import * as rule from "./rules.js";

/** All that a client can be told: CONNECT and TRACE are no requests for a resource. */
const METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"] as const;

/** A load as written. Strict, as all of a scenario is. */

const Stage = z.strictObject({
  duration: rule.duration().check(z.describe("How long the stage lasts.")),
  rate: rule
    .perSecond({ from: 0 })
    .check(z.describe("Requests per second at its end; the rate changes evenly from that of the stage before.")),
});

export const LoadFile = z
  .strictObject({
    client: field(
      z.enum(["auto", ...OWN_CLIENTS, ...TOOL_NAMES, "command"]),
      "The program that makes the load. `auto`: the best that this machine can run. `command`: any other, see `command`. Those from `wrk` on are found on the machine.",
      DEFAULTS.load.client,
    ),
    command: field(
      rule.commandLine(),
      "The program that makes the load, for `sh -c` (client: command). It is told `{url}`, `{host}`, `{port}`, `{connections}`, `{seconds}`, `{rate}`, `{requests}`.",
    ),
    reads: field(
      z.enum(TOOL_NAMES),
      "Whose output the command writes, so that what it says of itself is read (client: command).",
    ),
    connections: field(
      rule.whole(1, 100_000),
      "Connections open at the same time; each has one request under way.",
      DEFAULTS.load.connections,
    ),
    duration: field(rule.duration(), "How long requests are sent.", DEFAULTS.load.duration),
    warmup: field(
      z.nullable(rule.duration()),
      "The same load goes before it for so long, from the same client to the same server, and is in no figure. null: none.",
      DEFAULTS.load.warmup,
    ),
    requests: field(
      z.nullable(rule.whole(1, 1_000_000_000)),
      "Ends the load after so many requests, if the duration does not end it first. null: no limit.",
      DEFAULTS.load.requests,
    ),
    connection: field(
      z.enum(["close", "keep-alive"]),
      "`close`: a connection for each request. `keep-alive`: connections are used again.",
      DEFAULTS.load.connection,
    ),
    requestsPerConnection: field(
      z.nullable(rule.whole(1, 1_000_000_000)),
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
      z.nullable(rule.wholeSeconds()),
      "SO_LINGER: close() waits so long for the peer's acknowledgement, in whole seconds (epoll only). null: it does not.",
      DEFAULTS.load.sockets.linger,
    ),
    bind: field(
      z.enum(["late", "early"]),
      "When a connection gets its port. `late`: in connect(), free towards one destination. `early`: in bind(), free towards all (epoll only).",
      DEFAULTS.load.sockets.bind,
    ),
    localPorts: field(
      z.nullable(rule.portRange()),
      "Local ports for this client, low-high (epoll only). null: net.ipv4.ip_local_port_range.",
      DEFAULTS.load.sockets.localPorts,
    ),
    reuseAddress: field(
      z.boolean({ error: "must be true or false" }),
      "SO_REUSEADDR before bind() (epoll only).",
      DEFAULTS.load.sockets.reuseAddress,
    ),
    drain: field(
      z.boolean({ error: "must be true or false" }),
      "false: bodies are closed without having been read, so that their connections cannot be used again (go only).",
      DEFAULTS.load.go.drain,
    ),
    idleConnections: field(
      z.nullable(rule.whole(0, 100_000)),
      "http.Transport.MaxIdleConnsPerHost: connections that are kept between requests; Go's own default is 2 (go only). null: as many as `connections`.",
      DEFAULTS.load.go.idleConnections,
    ),
    tls: field(
      z.nullable(z.enum(TLS_CHECKS)),
      "Requests go over TLS, on each connection with a whole handshake, to a server with a certificate that is made for the run: `verify` (the client checks it) or `insecure` (it takes any). null: plain HTTP.",
      DEFAULTS.load.tls,
    ),
    path: field(rule.requestPath(), "The path that is requested.", DEFAULTS.load.path),
    paths: field(
      z
        .array(rule.requestPath(), { error: "must be a list of paths: [/a, /b]" })
        .check(
          z.minLength(1, { error: "must hold at least one path" }),
          z.maxLength(100, { error: "must hold at most 100 paths" }),
        ),
      "Several paths, one for each request in turn, in place of `path`.",
    ),
    method: field(
      z.enum(METHODS),
      "The method of each request; with a body it is POST unless it is said.",
      DEFAULTS.load.method,
    ),
    headers: field(
      z.record(rule.headerName(), rule.headerValue()),
      "Header fields of each request: `{ Accept: application/json }`. null takes one away. Values of secrets, as of Authorization, are in no result and no report.",
    ),
    body: field(
      z.nullable(
        z
          .string({ error: "must be a text" })
          .check(
            z.maxLength(65_536, { error: "must be at most 65,536 characters; a larger one belongs in `bodyFile`" }),
          ),
      ),
      "The body of each request, as a text. null: none.",
    ),
    bodyFile: field(
      z.nullable(rule.filePath()),
      "The file that is the body of each request, at most 1 MiB, relative to the folder of this file. null: none.",
    ),
    success: field(
      z
        .array(rule.status(), { error: "must be a list of statuses: [2xx, 404]" })
        .check(z.minLength(1, { error: "must hold at least one status" })),
      "Statuses of answers that count as success, exact or by class: `[2xx, 404]`; a request with another one has failed. `expect` names all of them: `statuses.404`, `statuses.5xx`.",
      DEFAULTS.load.success,
    ),
    timeout: field(
      rule.duration(),
      "A request without its whole response after so long counts as failed (ETIMEDOUT).",
      DEFAULTS.load.timeout,
    ),
    rate: field(
      z.nullable(rule.perSecond({ above: 0 })),
      "Requests per second to start, whether or not earlier ones are answered; latency counts from the time that each was meant to start. With `stages`: the rate they begin with. null: each connection's next request as soon as it can.",
      DEFAULTS.load.rate,
    ),
    arrivals: field(
      z.enum(["constant", "poisson"]),
      "`constant`: the requests of a rate are evenly spaced. `poisson`: as if each came by itself.",
      DEFAULTS.load.arrivals,
    ),
    stages: field(
      z.nullable(
        z
          .array(Stage, { error: "must be a list of stages: {duration: 10s, rate: 500}" })
          .check(z.minLength(1, { error: "must hold at least one stage" })),
      ),
      "Ramps, one after the other. The load lasts as long as they do.",
    ),
    think: field(
      z.nullable(rule.durationOrRange()),
      "The pause between an answer and the next request on the connection: `1s`, or `1s-3s` for each length between. With `batch`: between the last answer of a batch and the next batch. null: none.",
      DEFAULTS.load.think,
    ),
    batch: field(
      z.nullable(rule.whole(1, 1_000_000)),
      "Requests come in bursts of so many, as fast as connections are free for them, with the pause `think` between two. null: no bursts.",
      DEFAULTS.load.batch,
    ),
  })
  .check(z.meta({ id: "load" }));
export type LoadFile = z.infer<typeof LoadFile>;
