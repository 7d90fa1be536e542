/** The hosts of a lab as meant, and what serves on them. */

/** The two roles of every run. In the topology `loopback` one host plays both. */
export const ROLES = ["client", "server"] as const;
export type Role = (typeof ROLES)[number];

/**
 * `two-hosts`: client and server, joined by a cable. `hosts`: any number of them on one switch. `nat`: several clients
 * behind one address. `proxy`: a reverse proxy between client and server. `loopback`: one host plays both roles.
 */
export type Topology = "loopback" | "two-hosts" | "hosts" | "nat" | "proxy";

export interface LabPlan {
  topology: Topology;
  /** Of the hosts' addresses; absent: IPv4. */
  family?: "ipv6";
  /** How many addresses each host has; a client that can goes through all of them in turn. */
  addresses: Record<Role, number>;
  /** Free memory that the run needs, kernel and programs together; null: it is not looked at. */
  memoryBytes: number | null;
  /** Sysctls by host, private to the lab; keys like `net.ipv4.tcp_tw_reuse`, values as they are written. */
  sysctl: HostSysctls;
  /** Of topology `hosts`: all of them by name, `client` and `server` among them. */
  hosts?: Record<string, HostPlan>;
  nat?: NatPlan;
  proxy?: ProxyPlan;
  /** What cables do besides carrying, by direction; absent where none does anything. */
  links?: LinkPlan[];
  /** By what; absent where no cable does anything. */
  linksBy?: LinksBy;
}

/** What happens to what one host sends to another. */
export interface LinkPlan {
  from: string;
  to: string;
  delayMs: number;
  /** Each frame takes up to so much more or less. */
  jitterMs: number;
  /** Shares of all frames, from 0 to 1. */
  loss: number;
  duplicate: number;
  /** Those that are not delayed. */
  reorder: number;
  /** null: as much as comes. */
  bitsPerSec: number | null;
}

/** A cable that does nothing but carry. */
export function plainLink(from: string, to: string): LinkPlan {
  return { from, to, delayMs: 0, jitterMs: 0, loss: 0, duplicate: 0, reorder: 0, bitsPerSec: null };
}

/** What becomes different of one direction; the rest stays. */
export type LinkChange = Pick<LinkPlan, "from" | "to"> & Partial<LinkPlan>;

/** `netem`: the kernel's own (sch_netem). `forwarder`: a process of ours. `auto`: the first that there is. */
export const LINKS_BY = ["auto", "netem", "forwarder"] as const;
export type LinksBy = (typeof LINKS_BY)[number];

export type Sysctls = Record<string, string>;
export type HostSysctls = Record<Role, Sysctls> & Partial<Record<string, Sysctls>>;

export interface HostPlan {
  /** What runs on it beside the roles that it plays, in the order in which it starts. */
  programs: HostProgram[];
}

/** A command line for `sh -c`, and what surrounds it. */
export interface CommandLine {
  /** `{host}` and `{port}` stand for where it has to listen, a host's name in braces for its address. */
  command: string;
  /** Where it is run: an absolute path. */
  cwd: string;
  /** Environment variables that are added to those of bench, with placeholders as in the command. */
  env: Record<string, string>;
}

/** A program that listens. */
export interface ServingProgram extends CommandLine {
  port: number;
  ready: ReadyPlan;
  readyTimeoutMs: number;
  /** The account that it runs as. Absent: that of whoever runs bench. */
  user?: string;
}

/** Before the server starts, for what it needs, or once it is ready, for what needs it. */
export const STARTS = ["before-server", "after-server"] as const;

export interface HostProgram extends ServingProgram {
  starts: (typeof STARTS)[number];
}

export interface NatPlan {
  /** The hosts behind it by name; the first is `client`. */
  clients: string[];
  /** The ports of its address that it gives to their connections; null: theirs, where they are free. */
  ports: { low: number; high: number } | null;
}

/** What stands in front of the server: loads go to it, at the server's own port number. */
export interface ProxyPlan {
  kind: "nginx" | "haproxy";
  /** What becomes of its connections to the server: one for each request, or used again. */
  upstream: "close" | "keep-alive";
  /** How many idle ones it keeps open for later, with `keep-alive`. */
  connections: number;
  port: number;
  readyTimeoutMs: number;
}

/** When a server of kind `command` counts as ready. */
export type ReadyPlan =
  | { by: "tcp" }
  | { by: "http"; path: string }
  /** A JavaScript regular expression, tried on each line of stdout and stderr. */
  | { by: "line"; pattern: string };

/** What a server does that it should not do. */
export interface Manners {
  /** Of listen(). */
  backlog: number;
  /** false: it listens, and never takes a connection out of the queue. */
  accepts: boolean;
  answerAfterMs: number;
  /** It closes connections on which nothing has come for so long; null: never. */
  idleTimeoutMs: number | null;
  /** How long it takes to close once the client has closed or asked for it; null: it never does. */
  closesAfterMs: number | null;
  /** It closes only once the client has closed, even if that has asked it to (`closes: after-client`). */
  leavesClosing: boolean;
  /** What it does to every `faultEvery`-th request of a connection; null: nothing. */
  fault: ServerFault | null;
  faultEvery: number;
}

/**
 * `closes`: it answers with `Connection: close`, and closes. `hangs-up`: it answers, and closes without having said so.
 * `resets`: a RST in place of an answer. `stalls`: no answer. `answers-500`: an answer of that status.
 */
export const SERVER_FAULTS = ["closes", "hangs-up", "resets", "stalls", "answers-500"] as const;
export type ServerFault = (typeof SERVER_FAULTS)[number];

interface ServerCommon {
  port: number;
  readyTimeoutMs: number;
}
export type ServerPlan =
  | ({ kind: "node" } & ServerCommon)
  /** The hello world on the kernel's own sockets, as quick as the machine allows. */
  | ({ kind: "epoll" } & ServerCommon)
  /** `bodyBytes`: how long its body is; null: `Hello, World!`. */
  | ({ kind: "go"; bodyBytes: number | null; program?: GoProgram } & ServerCommon)
  | ({ kind: "misbehaving" } & Manners & ServerCommon)
  /** Nothing is started: single sockets play the server. */
  | ({ kind: "none" } & ServerCommon)
  | ({ kind: "command" } & ServingProgram)
  /** A server that already runs on this machine's loopback: never started, never stopped, and without a lab. */
  | ({ kind: "external"; host: string; https?: true } & ServerCommon);

/** A program of ours in Go. A run builds it before its first trial and then names it in its plans; no scenario does. */
export interface GoProgram {
  binary: string;
  /** Of the toolchain: `go1.26.8`. */
  version: string;
}
