/**
 * The server of the sweep, as text: it listens at once, says that it is ready `readyMs` later, and answers each request
 * after `answerMs`. The first request makes the file `asked` appear, so that the sweep knows how far the run is.
 * Arguments: [beside] host port readyMs answerMs
 */
export const SERVICE = `
import { createServer } from "node:http";
import { writeFileSync } from "node:fs";
const [host, port, readyMs, answerMs] = process.argv.slice(process.argv[2] === "beside" ? 3 : 2);
let asked = process.argv[2] === "beside";
createServer((_request, response) => {
  if (!asked) writeFileSync(process.env.SWEEP_FOLDER + "/asked", "");
  asked = true;
  setTimeout(() => response.end("Hello"), Number(answerMs));
}).listen(Number(port), host, () => setTimeout(() => console.log("ready"), Number(readyMs)));
`;
