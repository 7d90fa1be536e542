// `node service.mjs <host> <port> [<backend>]`: says hello, or asks a backend first. PULL_REQUEST=1: as the pull request has it.
import { Agent, createServer, get } from "node:http";

const [host, port, backend] = process.argv.slice(2);
const agent = process.env.PULL_REQUEST === "1" ? new Agent({ timeout: 2000 }) : new Agent({ keepAlive: true });

createServer((_request, response) => {
  if (backend === undefined) return response.end("hello\n");
  const failed = () => response.writeHead(502).end();
  return get(`http://${backend}/`, { agent }, (answer) => answer.pipe(response)).on("error", failed);
}).listen(Number(port), host);
