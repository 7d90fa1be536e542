import { mkdirSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { join } from "node:path";
import type { ServerPlan } from "../../src/scenario/types.js";

/** One worker, no log, and connections that only the client ends in `keep-alive`. */
export function nginxConfiguration(folder: string, port: number): string {
  return `
    daemon off;
    worker_processes 1;
    # In a lab's user namespace there is one user: the worker cannot become another.
    user root root;
    pid ${folder}/nginx.pid;
    error_log stderr error;
    events { worker_connections 8192; }
    http {
      access_log off;
      keepalive_requests 1000000000;
      keepalive_timeout 3600s;
      default_type text/plain;
      client_body_temp_path ${folder}/body;
      proxy_temp_path ${folder}/proxy;
      fastcgi_temp_path ${folder}/fastcgi;
      uwsgi_temp_path ${folder}/uwsgi;
      scgi_temp_path ${folder}/scgi;
      server {
        # Asked through a file, the counter costs no TCP connection. It comes first: nginx opens its sockets in
        # this order, and is taken to be ready when the other one answers.
        listen unix:${folder}/status;
        location / { stub_status; }
      }
      server {
        # The queue must not be what is measured: as long as the kernel's default somaxconn.
        listen ${port} backlog=4096;
        location / { return 200 "Hello, World!\\n"; }
      }
    }
  `;
}

/** Writes the configuration into an empty folder. */
export function nginxPlan(program: string, folder: string, port: number): ServerPlan {
  const configuration = join(folder, "nginx.conf");
  mkdirSync(folder, { recursive: true });
  writeFileSync(configuration, nginxConfiguration(folder, port));
  return {
    kind: "command",
    command: `exec '${program}' -p '${folder}' -c '${configuration}'`,
    cwd: folder,
    env: {},
    port,
    ready: { by: "tcp" },
    readyTimeoutMs: 10_000,
  };
}

/** Requests that nginx has answered since it began, this question among them. */
export function nginxRequests(folder: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const asked = request({ socketPath: join(folder, "status"), path: "/", agent: false }, (response) => {
      let text = "";
      response.setEncoding("utf8").on("data", (part: string) => (text += part));
      response.once("error", reject).once("end", () => resolve(parseStubStatus(text)));
    });
    asked.once("error", reject).end();
  });
}

/** The third figure under `server accepts handled requests` (ngx_http_stub_status_module). */
export function parseStubStatus(text: string): number {
  const figures = /^server accepts handled requests\n\s*\d+ \d+ (\d+)/mu.exec(text);
  if (figures === null) throw new Error(`nginx's status cannot be read: ${JSON.stringify(text)}`);
  return Number(figures[1]);
}
