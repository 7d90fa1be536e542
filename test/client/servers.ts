import { createServer, type Server, type Socket } from "node:net";
import { onTestFinished } from "vitest";
import type { LoadTarget } from "../../src/client/types.js";

export const BODY = "Hello, World!\n";
export const OK = `HTTP/1.1 200 OK\r\nContent-Length: ${BODY.length}\r\n\r\n${BODY}`;
export const OK_AND_CLOSE = `HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: ${BODY.length}\r\n\r\n${BODY}`;

/** One request as it came, over a connection that the test may do anything with. */
export interface RawRequest {
  socket: Socket;
  /** Its request line and headers. */
  head: string;
  /** Counted from 1, on this connection. */
  nth: number;
}

export interface TestServer {
  target: LoadTarget;
  /** The heads of all requests, in the order of their coming. */
  heads: string[];
  /** Accepted so far. */
  connections: number;
  /** Connections on which the client's FIN came before the server had ended. */
  clientClosedFirst: number;
}

/** A server on loopback that answers as the test says. It goes when the test has ended. `port` 0: any that is free. */
export async function startServer(
  answer: (request: RawRequest) => void,
  { host = "127.0.0.1", port = 0 } = {},
): Promise<TestServer> {
  const sockets = new Set<Socket>();
  const server = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => {
    seen.connections++;
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    socket.on("error", () => {});
    socket.on("end", () => {
      if (!socket.writableEnded) seen.clientClosedFirst++;
      socket.end();
    });
    readRequests(socket, (request) => {
      seen.heads.push(request.head);
      answer(request);
    });
  });
  onTestFinished(async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  });
  await new Promise<void>((resolve) => server.listen(port, host, 4096, resolve));
  const seen: TestServer = { target: targetOf(server, host), heads: [], connections: 0, clientClosedFirst: 0 };
  return seen;
}

/** As a web server does it: keeps the connection, unless the request says `Connection: close`. */
export function answerAsAsked({ socket, head }: RawRequest): void {
  if (asksToClose(head)) socket.end(OK_AND_CLOSE);
  else socket.write(OK);
}

export function asksToClose(head: string): boolean {
  return /^connection: close$/imu.test(head);
}

/** A port of loopback on which nobody listens. */
export async function deadTarget(): Promise<LoadTarget> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const target = targetOf(server, "127.0.0.1");
  await new Promise((resolve) => server.close(resolve));
  return target;
}

function targetOf(server: Server, host: string): LoadTarget {
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("not listening on a port");
  return { host, port: address.port };
}

function readRequests(socket: Socket, onRequest: (request: RawRequest) => void): void {
  let text = "";
  let nth = 0;
  socket.setEncoding("latin1");
  socket.on("data", (chunk: string) => {
    text += chunk;
    for (let end = text.indexOf("\r\n\r\n"); end >= 0; end = text.indexOf("\r\n\r\n")) {
      const head = text.slice(0, end);
      text = text.slice(end + 4);
      onRequest({ socket, head, nth: ++nth });
    }
  });
}
