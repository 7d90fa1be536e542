// A small service: notes, kept in memory. node server.js <host> <port>
import { createServer } from "node:http";

const [host, port] = process.argv.slice(2);
const notes = new Map([
  [1, { id: 1, text: "TIME_WAIT is on the side that closes first" }],
  [2, { id: 2, text: "keep connections, and there is next to none of it" }],
]);

function answer(response, status, body) {
  const text = JSON.stringify(body);
  response.writeHead(status, { "Content-Type": "application/json", "Content-Length": Buffer.byteLength(text) });
  response.end(text);
}

async function readBody(request) {
  let text = "";
  for await (const chunk of request.setEncoding("utf8")) text += chunk;
  return JSON.parse(text);
}

const server = createServer(async (request, response) => {
  const [, , id] = request.url.split("/");
  try {
    if (!/^\/notes(\/\d+)?$/.test(request.url)) return answer(response, 404, { error: "there are notes here only" });
    if (request.method === "POST") {
      const note = { id: notes.size + 1, text: String((await readBody(request)).text) };
      notes.set(note.id, note);
      return answer(response, 201, note);
    }
    if (id === undefined) return answer(response, 200, [...notes.values()]);
    const note = notes.get(Number(id));
    return note === undefined ? answer(response, 404, { error: "no such note" }) : answer(response, 200, note);
  } catch (error) {
    return answer(response, 400, { error: error.message });
  }
});

// A client's pool keeps idle connections for a while; a server that closes them first holds the TIME_WAIT.
server.keepAliveTimeout = 60_000;
server.listen(Number(port), host, () => console.log(`notes on http://${host}:${port}`));
