import fc from "fast-check";
import { Agent, request as httpRequest } from "node:http";
import { createServer, type AddressInfo, type Server, type Socket } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { read } from "./read.js";
import { damage, response } from "./responses.js";

/** What Node's own client makes of a response; null when it refuses it. */
interface Node {
  status: number;
  bodyBytes: number;
  keepAlive: boolean;
}

/** Where Node 20 (llhttp 9) is known to read otherwise than RFC 9112 says. */
function nodeDiffers(text: string, toHead: boolean): boolean {
  // A tab around a length, or after `chunked`, is no white space to it: it misses the length, or refuses the response.
  const tabAroundLength = /^(?:content-length|transfer-encoding|connection):[^\r\n]*\t/imu.test(text);
  // An answer to HEAD without a length ends the connection, as if the end of the stream ended the response.
  const headWithoutLength = toHead && !/^(?:content-length|transfer-encoding):/imu.test(text);
  // Chunks in HTTP/1.0 leave the connection open.
  const chunksInOld = /^HTTP\/1\.0 .*^transfer-encoding:/imsu.test(text);
  // RFC 9110 section 5.6.1 has empty elements of a list ignored: `chunked,` is `chunked`. To it, it is something else.
  const emptyCoding = /^transfer-encoding:(?:[ \t]*,|[^\r\n]*,[ \t]*(?:,|$))/imu.test(text);
  return tabAroundLength || headWithoutLength || chunksInOld || emptyCoding;
}

/** The bytes that the next connection gets, and whether the stream ends after them. */
let next = { text: "", fin: false };
const sockets = new Set<Socket>();
let server: Server;

beforeAll(async () => {
  server = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => {});
    socket.once("data", () => {
      socket.write(next.text, "latin1");
      if (next.fin) socket.end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
});

afterAll(async () => {
  for (const socket of sockets) socket.destroy();
  await new Promise((resolve) => server.close(resolve));
});

function readWithNode(text: string, toHead: boolean, fin: boolean): Promise<Node | null> {
  next = { text, fin };
  const agent = new Agent({ keepAlive: true });
  const { port } = server.address() as AddressInfo;
  return new Promise<Node | null>((resolve) => {
    const request = httpRequest({ host: "127.0.0.1", port, method: toHead ? "HEAD" : "GET", agent });
    request.on("error", () => resolve(null));
    request.on("upgrade", (_, socket) => {
      socket.destroy();
      resolve(null);
    });
    request.on("response", (message) => {
      let bodyBytes = 0;
      let freed = false;
      agent.once("free", () => (freed = true));
      message.on("data", (data: Buffer) => (bodyBytes += data.length));
      message.on("error", () => resolve(null));
      message.on("end", () => {
        // The agent takes the socket back in a later turn, if it does.
        setImmediate(() =>
          setImmediate(() => resolve({ status: message.statusCode ?? 0, bodyBytes, keepAlive: freed })),
        );
      });
    });
    request.end();
  }).finally(() => agent.destroy());
}

test("Node reads every valid response as this parser does", async () => {
  await fc.assert(
    fc.asyncProperty(response, async ({ text, toHead, untilClose }) => {
      fc.pre(!nodeDiffers(text, toHead));
      const { status, bodyBytes, keepAlive, state } = read(text, { toHead, fin: untilClose });
      expect(state).toBe("complete");
      expect(await readWithNode(text, toHead, untilClose)).toEqual({ status, bodyBytes, keepAlive });
    }),
    { numRuns: 400 },
  );
}, 60_000);

test("what both take of a damaged response, both read alike", async () => {
  await fc.assert(
    fc.asyncProperty(response, damage, async ({ text, toHead }, break_) => {
      const damaged = break_(text);
      fc.pre(!nodeDiffers(damaged, toHead));
      const ours = read(damaged, { toHead, fin: true });
      const nodes = await readWithNode(damaged, toHead, true);
      if (ours.state !== "complete" || nodes === null) return;
      expect({ status: ours.status, bodyBytes: ours.bodyBytes }).toEqual({
        status: nodes.status,
        bodyBytes: nodes.bodyBytes,
      });
    }),
    { numRuns: 400 },
  );
}, 60_000);
