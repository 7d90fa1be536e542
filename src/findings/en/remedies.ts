import type { RemedyTexts } from "../remedies.js";
import { the } from "./places.js";

/** What helps, in one clause each. */
export const REMEDY_TEXTS: RemedyTexts = {
  reuse: {
    any: ({ host, to }) => `let ${host} keep its connections to ${to} open, and reuse them`,
    nginx: ({ to }) =>
      `give nginx's upstream for ${to} \`keepalive\`, and before nginx 1.29.7 also \`proxy_http_version 1.1\` and \`proxy_set_header Connection ""\``,
    haproxy: ({ to }) =>
      `take \`option http-server-close\` and \`httpclose\` out of haproxy for ${to}; for clients that connect anew set \`http-reuse aggressive\``,
    gunicorn: ({ to }) => `keep one requests.Session, httpx.Client or pool in each worker for ${to}`,
    python: ({ to }) => `keep one requests.Session, httpx.Client or pool for ${to}`,
    node: ({ to }) => `share one http.Agent({ keepAlive: true }), or one pool, for ${to}`,
    go: ({ to }) =>
      `share one http.Client for ${to}, read each body to its end, and raise Transport.MaxIdleConnsPerHost (2 by default)`,
    php: ({ to }) => `use persistent connections to ${to} (PDO::ATTR_PERSISTENT, pconnect)`,
  },
  ports: {
    any: ({ host, to }) => `let ${host} reuse its connections to ${to}, or widen net.ipv4.ip_local_port_range there`,
  },
  "nat-ports": { any: () => "give the NAT more ports or addresses, or let clients reuse their connections" },
  "refuses-keep-alive": {
    any: ({ host }) => `let ${the(host)} keep connections open for HTTP/1.1 requests`,
    nginx: () => "set `keepalive_timeout` above 0, and `keepalive_requests` above 1",
    haproxy: () => "take `option httpclose` out of haproxy's configuration",
    gunicorn: () => "use `--worker-class gthread` with `--keep-alive`: sync workers close after each response",
    node: () => "send no Connection: close from the handlers, and leave server.maxRequestsPerSocket at 0",
    go: () => "leave Server.SetKeepAlivesEnabled on, and set no Connection: close in handlers",
    python: () => 'set protocol_version = "HTTP/1.1" on the handler, or use a server that keeps connections',
  },
  "request-limit": {
    any: ({ host }) => `raise the number of requests for each connection on ${the(host)}`,
    nginx: () => "raise `keepalive_requests`",
    node: () => "raise server.maxRequestsPerSocket, or set it to 0",
    gunicorn: () => "raise `--max-requests`, which ends a worker with its connections, or set it to 0",
  },
  "idle-limit": {
    any: ({ host }) => `raise the idle timeout of ${the(host)}, above that of its clients`,
    nginx: () => "raise `keepalive_timeout`, above the idle timeout of the clients",
    haproxy: () => "raise `timeout http-keep-alive`, above the idle timeout of the clients",
    node: () => "raise server.keepAliveTimeout, above the idle timeout of the clients",
    gunicorn: () => "raise `--keep-alive` (2 s by default), above the idle timeout of the clients",
    go: () => "raise Server.IdleTimeout, above the idle timeout of the clients",
    redis: () => "raise `timeout`, or set it to 0",
  },
  stale: {
    any: ({ host }) =>
      `let clients give up idle connections before ${the(host)} does: their idle timeout below its own`,
    nginx: () => "keep the clients' idle timeout below nginx's `keepalive_timeout`",
    node: () => "keep the clients' idle timeout below server.keepAliveTimeout",
    gunicorn: () => "keep the clients' idle timeout below gunicorn's `--keep-alive` (2 s by default)",
  },
  "body-unread": {
    any: () => "read each body to its end before it is closed",
    go: () => "io.Copy(io.Discard, response.Body) before Body.Close()",
  },
  "idle-pool": {
    any: ({ host }) => `let ${the(host)} keep as many idle connections as it uses at once`,
    go: () => "raise Transport.MaxIdleConnsPerHost (2 by default)",
  },
  "accept-queue": {
    any: ({ host }) => `accept faster on ${host}, or raise the listener's backlog and net.core.somaxconn there`,
    nginx: ({ host }) => `raise nginx's \`listen … backlog=\` (511 by default) and net.core.somaxconn on ${host}`,
    haproxy: ({ host }) => `raise haproxy's \`backlog\` and net.core.somaxconn on ${host}`,
    gunicorn: ({ host }) =>
      `give gunicorn more workers or threads, or raise its \`--backlog\` and net.core.somaxconn on ${host}`,
    node: ({ host }) =>
      `accept faster, or raise the backlog of server.listen() (511 by default) and net.core.somaxconn on ${host}`,
    go: ({ host }) => `accept faster, or raise net.core.somaxconn on ${host}, which Go takes for its backlog`,
    php: ({ host }) =>
      `give php-fpm more children (pm.max_children), or raise its \`listen.backlog\` and net.core.somaxconn on ${host}`,
    redis: ({ host }) => `raise redis's \`tcp-backlog\` (511 by default) and net.core.somaxconn on ${host}`,
  },
  buckets: {
    any: ({ host }) => `raise net.ipv4.tcp_max_tw_buckets on ${host}, or close fewer connections there first`,
  },
  conntrack: {
    any: ({ host }) =>
      `raise net.netfilter.nf_conntrack_max on ${host}, shorten nf_conntrack_tcp_timeout_time_wait there, or track less`,
  },
  "step-timeout": { any: () => "give the step a longer `timeout`" },
  starved: { any: ({ host }) => `use fewer connections, a lower rate, or give ${the(host)} a processor of its own` },
  "two-hosts": { any: () => "measure it between two hosts (`topology: two-hosts`)" },
};
