/**
 * The service that is compared with itself and with its own faults: node service.js <port> <fault>. Without a fault it
 * answers as the embedded hello world does.
 */
import { createServer } from "node:http";

const [port, fault] = process.argv.slice(2);
const BODY = "Hello, World!\n";
let answered = 0;

const server = createServer((_request, response) => {
  answered++;
  const closes = fault === "closes-each" || (fault === "closes-tenth" && answered % 10 === 0);
  response.writeHead(200, {
    "Content-Type": "text/plain",
    "Content-Length": BODY.length,
    ...(closes ? { Connection: "close" } : {}),
  });
  if (fault === "slow") setTimeout(() => response.end(BODY), 1);
  else response.end(BODY);
});
server.keepAliveTimeout = 0;
server.listen({ host: "0.0.0.0", port: Number(port), backlog: 4096 });
