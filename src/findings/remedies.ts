import type { Program } from "./programs.js";

/**
 * What helps against what, in general (`any`) and for a program that is known, each with its source: the program's own
 * documentation, a file of the kernel's, or an RFC. The words stand in the catalogue of each language, by the same keys.
 */
export const REMEDIES = {
  /** A host opens a connection for each request to another one. */
  reuse: {
    any: "https://www.rfc-editor.org/rfc/rfc9112#section-9.3",
    nginx: "https://nginx.org/en/docs/http/ngx_http_upstream_module.html#keepalive",
    haproxy: "https://docs.haproxy.org/3.0/configuration.html#4.2-http-reuse",
    gunicorn: "https://requests.readthedocs.io/en/latest/user/advanced/#session-objects",
    python: "https://requests.readthedocs.io/en/latest/user/advanced/#session-objects",
    node: "https://nodejs.org/api/http.html#new-agentoptions",
    go: "https://pkg.go.dev/net/http#Transport",
    php: "https://www.php.net/manual/en/features.persistent-connections.php",
  },
  /** No local port is free towards a listener. */
  ports: { any: "https://docs.kernel.org/networking/ip-sysctl.html" },
  "nat-ports": {
    any: "https://git.kernel.org/pub/scm/linux/kernel/git/torvalds/linux.git/tree/net/netfilter/nf_nat_core.c",
  },
  /** The server answers Connection: close to requests that ask for keep-alive. */
  "refuses-keep-alive": {
    any: "https://www.rfc-editor.org/rfc/rfc9112#section-9.6",
    nginx: "https://nginx.org/en/docs/http/ngx_http_core_module.html#keepalive_timeout",
    haproxy: "https://docs.haproxy.org/3.0/configuration.html#4.2-option%20httpclose",
    gunicorn: "https://gunicorn.org/design/",
    node: "https://nodejs.org/api/http.html#servermaxrequestspersocket",
    go: "https://pkg.go.dev/net/http#Server.SetKeepAlivesEnabled",
    python: "https://docs.python.org/3/library/http.server.html#http.server.BaseHTTPRequestHandler.protocol_version",
  },
  /** The server closes after so many requests. */
  "request-limit": {
    any: "https://www.rfc-editor.org/rfc/rfc9112#section-9.6",
    nginx: "https://nginx.org/en/docs/http/ngx_http_core_module.html#keepalive_requests",
    node: "https://nodejs.org/api/http.html#servermaxrequestspersocket",
    gunicorn: "https://gunicorn.org/reference/settings/#max_requests",
  },
  /** The server closes what was idle for so long. */
  "idle-limit": {
    any: "https://www.rfc-editor.org/rfc/rfc9112#section-9.5",
    nginx: "https://nginx.org/en/docs/http/ngx_http_core_module.html#keepalive_timeout",
    haproxy: "https://docs.haproxy.org/3.0/configuration.html#4.2-timeout%20http-keep-alive",
    node: "https://nodejs.org/api/http.html#serverkeepalivetimeout",
    gunicorn: "https://gunicorn.org/reference/settings/#keepalive",
    go: "https://pkg.go.dev/net/http#Server",
    redis: "https://redis.io/docs/latest/develop/reference/clients/#client-timeouts",
  },
  /** A request met a connection that the server was just closing. */
  stale: {
    any: "https://www.rfc-editor.org/rfc/rfc9112#section-9.3.1",
    nginx: "https://nginx.org/en/docs/http/ngx_http_core_module.html#keepalive_timeout",
    node: "https://nodejs.org/api/http.html#serverkeepalivetimeout",
    gunicorn: "https://gunicorn.org/reference/settings/#keepalive",
  },
  "body-unread": {
    any: "https://www.rfc-editor.org/rfc/rfc9112#section-9.3",
    go: "https://pkg.go.dev/net/http#Response",
  },
  "idle-pool": {
    any: "https://www.rfc-editor.org/rfc/rfc9112#section-9.4",
    go: "https://pkg.go.dev/net/http#Transport",
  },
  "accept-queue": {
    any: "https://man7.org/linux/man-pages/man2/listen.2.html",
    nginx: "https://nginx.org/en/docs/http/ngx_http_core_module.html#listen",
    haproxy: "https://docs.haproxy.org/3.0/configuration.html#4.2-backlog",
    gunicorn: "https://gunicorn.org/reference/settings/#backlog",
    node: "https://nodejs.org/api/net.html#serverlistenoptions-callback",
    go: "https://github.com/golang/go/blob/master/src/net/sock_linux.go",
    php: "https://www.php.net/manual/en/install.fpm.configuration.php#listen-backlog",
    redis: "https://redis.io/docs/latest/operate/oss_and_stack/management/config-file/",
  },
  buckets: { any: "https://docs.kernel.org/networking/ip-sysctl.html" },
  conntrack: { any: "https://docs.kernel.org/networking/nf_conntrack-sysctl.html" },
  "step-timeout": { any: null },
  starved: { any: "https://docs.kernel.org/scheduler/sched-stats.html" },
  "two-hosts": { any: "https://docs.kernel.org/networking/ip-sysctl.html" },
} as const satisfies Record<string, { any: string | null } & Partial<Record<Program, string>>>;

export type Remedy = keyof typeof REMEDIES;

/** What is to be done by whom. */
export interface RemedyAt {
  remedy: Remedy;
  /** The host that is to do it, or on which it is to be set. */
  host: string;
  /** Whom it connects to; "" where that does not matter. */
  to: string;
}

/** The words of one language for every remedy, in one clause. */
export type RemedyTexts = {
  readonly [Each in Remedy]: {
    readonly [Whose in keyof (typeof REMEDIES)[Each]]: (at: RemedyAt) => string;
  };
};

/** Whose remedy it is: that of the program where the table has one, else the general one. */
export function chosen<Text>(table: { any: Text } & Partial<Record<Program, Text>>, program: Program | null): Text {
  return (program === null ? undefined : table[program]) ?? table.any;
}
