import { createServer, type RequestListener, type Server } from "node:http";
import { createServer as createSecureServer } from "node:https";
import { RequestTimes } from "./request-times.js";
import type { FromHello, ToHello } from "./types.js";

/** The embedded hello-world server, a process of its own. It counts, so that the books can be held against it. */

const BODY = "Hello, World!\n";
/** As many as the kernel's somaxconn lets through since 5.4: the queue must not be what is measured. */
const BACKLOG = 4096;

let requests = 0;
let connections = 0;
const times = new RequestTimes();

const answer: RequestListener = (_request, response) => {
  requests++;
  times.note();
  response.writeHead(200, { "Content-Type": "text/plain", "Content-Length": BODY.length });
  response.end(BODY);
};

function listen({ host, port, tls }: ToHello & { type: "listen" }): void {
  const server: Server =
    tls === undefined ? createServer(answer) : createSecureServer({ cert: tls.certificate, key: tls.key }, answer);
  // Idle connections are the client's to close: a server's timer would end some of them in a longer pause.
  server.keepAliveTimeout = 0;
  server.on("connection", () => connections++);
  server.once("error", (error: NodeJS.ErrnoException) =>
    tell({ type: "failed", message: error.message, errno: error.code ?? "" }),
  );
  server.listen({ host, port, backlog: BACKLOG }, () => tell({ type: "listening" }));
}

function tell(message: FromHello): void {
  if (process.connected) process.send!(message, () => {});
}

process.on("message", (message: ToHello) => {
  switch (message.type) {
    case "listen":
      return listen(message);
    case "count":
      tell({ type: "counted", requests, connections, requestedAtMs: times.take() });
  }
});
process.on("disconnect", () => process.exit(0));
if (!process.connected) process.exit(0);
tell({ type: "awake" });
