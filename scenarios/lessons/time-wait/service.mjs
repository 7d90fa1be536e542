// `node service.mjs <host> <port> [<backend>]`: says hello, or asks a backend first, as most services do.
import { Agent, createServer, get } from "node:http";

const [host, port, backend] = process.argv.slice(2);
const agent = new Agent({ keepAlive: process.env.KEEP_ALIVE === "1" });

createServer((_request, response) => {
  if (backend === undefined) return response.end("hello\n");
  const failed = () => response.writeHead(502).end();
  return get(`http://${backend}/`, { agent }, (answer) => answer.pipe(response)).on("error", failed);
}).listen(Number(port), host);
