import { createServer } from "node:http";
import { RequestTimes } from "./request-times.js";
import type { FromHello, ToHello } from "./types.js";

/** The embedded hello-world server, a process of its own. It counts, so that the books can be held against it. */

const BODY = "Hello, World!\n";
/** As many as the kernel's somaxconn lets through since 5.4: the queue must not be what is measured. */
const BACKLOG = 4096;

let requests = 0;
let connections = 0;
const times = new RequestTimes();

const server = createServer((_request, response) => {
  requests++;
  times.note();
  response.writeHead(200, { "Content-Type": "text/plain", "Content-Length": BODY.length });
  response.end(BODY);
});
// Idle connections are the client's to close: a server's timer would end some of them in a longer pause.
server.keepAliveTimeout = 0;
server.on("connection", () => connections++);

function tell(message: FromHello): void {
  if (process.connected) process.send!(message, () => {});
}

process.on("message", (message: ToHello) => {
  switch (message.type) {
    case "listen":
      server.once("error", (error: NodeJS.ErrnoException) =>
        tell({ type: "failed", message: error.message, errno: error.code ?? "" }),
      );
      server.listen({ host: message.host, port: message.port, backlog: BACKLOG }, () => tell({ type: "listening" }));
      return;
    case "count":
      tell({ type: "counted", requests, connections, requestedAtMs: times.take() });
  }
});
process.on("disconnect", () => process.exit(0));
if (!process.connected) process.exit(0);
tell({ type: "awake" });
