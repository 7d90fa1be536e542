import { type Host, type HostProcess, SBIN } from "../lab/types.js";
import type { ProxyPlan } from "../scenario/types.js";
import { placeOf } from "./listeners.js";
import { untilReady } from "./wait.js";

/** More than any scenario needs; nginx sets that much aside. */
const CONNECTIONS = 16_384;
/** So that none is closed for a reason that the scenario does not name. */
const ENDLESS = 1_000_000_000;

/**
 * A reverse proxy between clients and the server, in the foreground and in one process or thread, so that what it keeps
 * open it keeps once. What it writes lies in memory that only it sees, and goes with it.
 * @throws BenchError `server-not-ready`, `server-died`
 */
export async function startProxy(plan: ProxyPlan, host: Host, server: Host): Promise<HostProcess> {
  const process = await host.spawn({
    label: "proxy",
    program: { file: "unshare", args: ["--mount", "/bin/sh", "-c", scriptFor(plan, host, server)] },
  });
  const listens = host.waitUntilReady({
    by: "tcp",
    host: host.address,
    port: plan.port,
    timeoutMs: plan.readyTimeoutMs,
  });
  await untilReady(process, listens, { timeoutMs: plan.readyTimeoutMs, who: "proxy" });
  return process;
}

function scriptFor(plan: ProxyPlan, host: Host, server: Host): string {
  const from = placeOf({ address: host.address, port: plan.port });
  const to = placeOf({ address: server.address, port: plan.port });
  return `
    PATH="$PATH:${SBIN}"
    # The folder that we are in may lie below /tmp, and haproxy goes back to it.
    cd / && mount -t tmpfs -o mode=0700 none /tmp || exit
    ${plan.kind === "nginx" ? nginx(plan, from, to) : haproxy(plan, from, to)}`;
}

/** Without HTTP/1.1 and an empty Connection header nginx asks the server with HTTP/1.0 and Connection: close. */
function nginx({ upstream, connections }: ProxyPlan, from: string, to: string): string {
  const keepAlive = upstream === "keep-alive";
  return `
    for module in fastcgi uwsgi scgi; do
      case $(nginx -V 2>&1) in
        *--without-http_"$module"_module*) ;;
        *) echo "$module"_temp_path /tmp/$module\\; ;;
      esac
    done >/tmp/paths.conf
    cat >/tmp/nginx.conf <<'END'
user root;
daemon off;
master_process off;
pid /tmp/nginx.pid;
error_log stderr warn;
events { worker_connections ${CONNECTIONS}; }
http {
  access_log off;
  include /tmp/paths.conf;
  client_body_temp_path /tmp/body;
  proxy_temp_path /tmp/proxy;
  keepalive_requests ${ENDLESS};
  upstream behind {
    server ${to};
    ${keepAlive ? `keepalive ${connections}; keepalive_requests ${ENDLESS};` : ""}
  }
  server {
    listen ${from} backlog=4096;
    location / {
      proxy_pass http://behind;
      ${keepAlive ? 'proxy_http_version 1.1; proxy_set_header Connection "";' : ""}
    }
  }
}
END
    # Since 1.19.5: before it reads its configuration, it would open the log that it was built with.
    case $(nginx -h 2>&1) in *" -e "*) set -- -e stderr ;; esac
    exec nginx "$@" -c /tmp/nginx.conf`;
}

function haproxy({ upstream, connections }: ProxyPlan, from: string, to: string): string {
  const keepAlive = upstream === "keep-alive";
  return `
    cat >/tmp/haproxy.cfg <<'END'
global
  nbthread 1
defaults
  mode http
  timeout connect 5s
  timeout client 60s
  timeout server 60s
  timeout http-keep-alive 60s
frontend front
  bind ${from} backlog 4096
  default_backend behind
backend behind
  ${keepAlive ? "http-reuse always" : "option http-server-close"}
  server server ${to}${keepAlive ? ` pool-max-conn ${connections} pool-purge-delay 60s` : ""}
END
    exec haproxy -db -f /tmp/haproxy.cfg`;
}
