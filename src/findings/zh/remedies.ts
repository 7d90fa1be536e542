import type { RemedyTexts } from "../remedies.js";
import { the } from "./places.js";

/** What helps, in one clause each. */
export const REMEDY_TEXTS: RemedyTexts = {
  reuse: {
    any: ({ host, to }) => `让${the(host)}到${the(to)}使用长连接，并复用它们`,
    nginx: ({ to }) =>
      `在 nginx 指向${the(to)}的 upstream 里配置 \`keepalive\`；nginx 1.29.7 之前还要加上 \`proxy_http_version 1.1\` 和 \`proxy_set_header Connection ""\``,
    haproxy: ({ to }) =>
      `在 haproxy 里去掉到${the(to)}的 \`option http-server-close\` 和 \`httpclose\`；客户端总是新建连接时设置 \`http-reuse aggressive\``,
    gunicorn: ({ to }) => `每个 worker 用同一个 requests.Session、httpx.Client 或连接池访问${the(to)}`,
    python: ({ to }) => `用同一个 requests.Session、httpx.Client 或连接池访问${the(to)}`,
    node: ({ to }) => `用同一个 http.Agent({ keepAlive: true })（或同一个连接池）访问${the(to)}`,
    go: ({ to }) =>
      `用同一个 http.Client 访问${the(to)}，读完每个响应体，并调大 Transport.MaxIdleConnsPerHost（默认只有 2）`,
    php: ({ to }) => `到${the(to)}使用持久连接（PDO::ATTR_PERSISTENT、pconnect）`,
  },
  ports: {
    any: ({ host, to }) => `让${the(host)}复用到${the(to)}的连接，或者扩大${the(host)}的 net.ipv4.ip_local_port_range`,
  },
  "nat-ports": { any: () => "给 NAT 更多端口或地址，或者让客户端复用连接" },
  "refuses-keep-alive": {
    any: ({ host }) => `让${the(host)}对 HTTP/1.1 请求保持长连接`,
    nginx: () => "把 `keepalive_timeout` 设为大于 0，把 `keepalive_requests` 设为大于 1",
    haproxy: () => "从 haproxy 的配置里去掉 `option httpclose`",
    gunicorn: () => "使用 `--worker-class gthread` 并设置 `--keep-alive`：sync worker 每次应答后都会关闭连接",
    node: () => "处理函数里不要发送 Connection: close，server.maxRequestsPerSocket 保持为 0",
    go: () => "不要关闭 Server.SetKeepAlivesEnabled，处理函数里不要设置 Connection: close",
    python: () => '给 handler 设置 protocol_version = "HTTP/1.1"，或换用支持长连接的服务器',
  },
  "request-limit": {
    any: ({ host }) => `调大${the(host)}每条连接允许的请求数`,
    nginx: () => "调大 `keepalive_requests`",
    node: () => "调大 server.maxRequestsPerSocket，或设为 0",
    gunicorn: () => "调大 `--max-requests`：达到后 worker 退出，它的连接也随之关闭；或设为 0",
  },
  "idle-limit": {
    any: ({ host }) => `调大${the(host)}的空闲超时，使它大于客户端的空闲超时`,
    nginx: () => "调大 `keepalive_timeout`，使它大于客户端的空闲超时",
    haproxy: () => "调大 `timeout http-keep-alive`，使它大于客户端的空闲超时",
    node: () => "调大 server.keepAliveTimeout，使它大于客户端的空闲超时",
    gunicorn: () => "调大 `--keep-alive`（默认 2 秒），使它大于客户端的空闲超时",
    go: () => "调大 Server.IdleTimeout，使它大于客户端的空闲超时",
    redis: () => "调大 `timeout`，或设为 0",
  },
  stale: {
    any: ({ host }) => `让客户端比${the(host)}更早放弃空闲连接：客户端的空闲超时要更短`,
    nginx: () => "客户端的空闲超时要小于 nginx 的 `keepalive_timeout`",
    node: () => "客户端的空闲超时要小于 server.keepAliveTimeout",
    gunicorn: () => "客户端的空闲超时要小于 gunicorn 的 `--keep-alive`（默认 2 秒）",
  },
  "body-unread": {
    any: () => "关闭响应体之前先读完它",
    go: () => "先 io.Copy(io.Discard, response.Body)，再 Body.Close()",
  },
  "idle-pool": {
    any: ({ host }) => `让${the(host)}的连接池能保留同时使用的那么多空闲连接`,
    go: () => "调大 Transport.MaxIdleConnsPerHost（默认只有 2）",
  },
  "accept-queue": {
    any: ({ host }) => `在${the(host)}上更快地 accept，或调大监听的 backlog 和 net.core.somaxconn`,
    nginx: ({ host }) => `调大 nginx 的 \`listen … backlog=\`（默认 511）和${the(host)}的 net.core.somaxconn`,
    haproxy: ({ host }) => `调大 haproxy 的 \`backlog\` 和${the(host)}的 net.core.somaxconn`,
    gunicorn: ({ host }) => `给 gunicorn 更多 worker 或线程，或调大 \`--backlog\` 和${the(host)}的 net.core.somaxconn`,
    node: ({ host }) =>
      `更快地 accept，或调大 server.listen() 的 backlog（默认 511）和${the(host)}的 net.core.somaxconn`,
    go: ({ host }) => `更快地 accept，或调大${the(host)}的 net.core.somaxconn，Go 用它作为 backlog`,
    php: ({ host }) =>
      `给 php-fpm 更多子进程（pm.max_children），或调大 \`listen.backlog\` 和${the(host)}的 net.core.somaxconn`,
    redis: ({ host }) => `调大 redis 的 \`tcp-backlog\`（默认 511）和${the(host)}的 net.core.somaxconn`,
  },
  buckets: {
    any: ({ host }) => `调大${the(host)}的 net.ipv4.tcp_max_tw_buckets，或让它少做主动关闭方`,
  },
  conntrack: {
    any: ({ host }) =>
      `调大${the(host)}的 net.netfilter.nf_conntrack_max，缩短 nf_conntrack_tcp_timeout_time_wait，或减少跟踪的连接`,
  },
  "step-timeout": { any: () => "给这个步骤更长的 `timeout`" },
  starved: { any: ({ host }) => `减少连接数、降低速率，或给${the(host)}独占的处理器` },
  "two-hosts": { any: () => "在两台主机之间测量（`topology: two-hosts`）" },
};
