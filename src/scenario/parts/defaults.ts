import type { LoadPlan } from "./load-types.js";

/**
 * Every default of a scenario, in the form in which a file would say it. There is no other place: the engine gets a
 * Scenario in which nothing is left open, and the JSON Schema shows these values in editors.
 */
export const DEFAULTS = {
  explanation: "",
  lab: {
    topology: "two-hosts",
    /** Of each host. */
    addresses: 1,
    /** Of topology `nat`. */
    clients: 2,
    natPorts: null,
    family: "ipv4",
    linksBy: "auto",
    /** Of a program beside the server. */
    starts: "after-server",
    proxy: { kind: "nginx", upstream: "close", connections: 16 },
    /**
     * For each host. The kernel's own default (2: reuse on loopback only) hides port exhaustion exactly where people
     * try it out (net/ipv4/tcp_ipv4.c, tcp_twsk_unique), so no run leaves it to the kernel.
     */
    sysctl: { "net.ipv4.tcp_tw_reuse": "0" },
    /**
     * Besides, where steps count single sockets: on a busy machine an answer may come late, a FIN is sent again, the ACK of
     * that finds the other socket gone, and its RST takes the TIME_WAIT away (RFC 1337). Loads keep the kernel's 0.
     */
    sysctlOfSteps: { "net.ipv4.tcp_rfc1337": "1" },
  },
  /** The port lies below the kernel's default range of ephemeral ports, so that no client can be given it. */
  server: {
    kind: "node",
    port: 8080,
    readyTimeout: "10s",
    ready: "tcp",
    bodyBytes: null,
    backlog: 4096,
    accepts: true,
    answerAfter: null,
    idleTimeout: null,
    closes: "at-once",
    fault: null,
    faultEvery: 1,
  },
  load: {
    client: "auto",
    connections: 50,
    duration: "10s",
    warmup: null,
    requests: null,
    connection: "keep-alive",
    tls: null,
    path: "/",
    /** With a body it is POST, as curl has it. */
    method: "GET",
    success: ["2xx", "3xx"],
    timeout: "10s",
    rate: null,
    arrivals: "constant",
    think: null,
    batch: null,
    /** Where the first of the stages begins, when there is no rate. */
    startRate: 0,
    /** Of Poisson arrivals and of pauses: those of one run come again in the next, so that runs can be compared. */
    seed: 1,
    /** Of the client `go`: as a client should be, and not as http.Transport is by itself (2 idle connections). */
    go: { drain: true, idleConnections: null },
    /** What connect() would do by itself, in one thread. */
    sockets: { threads: 1, linger: null, bind: "late", localPorts: null, reuseAddress: false },
  },
  sample: { every: "50ms", table: "1s" },
  parallel: false,
} as const;

/** What `client: auto` stands for where nobody has looked what this machine can run. */
export const AUTO_CLIENT = "undici" satisfies LoadPlan["client"];

/** What it stands for with TLS, which the client epoll does not speak. */
export const TLS_CLIENT = "undici" satisfies LoadPlan["client"];

type Pattern = Pick<LoadPlan, "connection" | "requestsPerConnection">;

/** One with `close`, as many as the connection lasts with `keep-alive`. */
export function defaultRequestsPerConnection(connection: Pattern["connection"]): number | null {
  return connection === "close" ? 1 : null;
}

/** A server answers the last request of a connection with its FIN; endless keep-alive is ended by the client. */
export function defaultCloser({ connection, requestsPerConnection }: Pattern): LoadPlan["closer"] {
  return connection === "close" || requestsPerConnection !== null ? "server" : "client";
}
