/**
 * The server of the sweep, as text: it listens at once, says that it is ready `readyMs` later, and answers each request
 * at once. The first request makes the file `asked` appear, so that the sweep knows how far the run is. A restless one
 * connects to itself all the time, so that a run waits a whole second for connections to settle.
 * Arguments: [beside] host port readyMs [restless]
 */
export const SERVICE = `
import { createServer, get } from "node:http";
import { writeFileSync } from "node:fs";
const [host, port, readyMs, restless] = process.argv.slice(process.argv[2] === "beside" ? 3 : 2);
let asked = process.argv[2] === "beside";
createServer((request, response) => {
  if (!asked && request.headers.host !== "itself") writeFileSync(process.env.SWEEP_FOLDER + "/asked", "");
  asked ||= request.headers.host !== "itself";
  response.end("Hello");
}).listen(Number(port), host, () => setTimeout(() => console.log("ready"), Number(readyMs)));
if (restless) setInterval(() => get({ host, port, agent: false, headers: { host: "itself" } }).on("error", () => {}), 5);
`;
