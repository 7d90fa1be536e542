import { createServer, type Server, type Socket } from "node:net";
import { onTestFinished } from "vitest";
import type { Epoll } from "../../src/kernel/epoll.js";

export interface Peer {
  port: number;
  /** The next connection that it accepts, or has accepted and not handed out. */
  accepted(): Promise<Socket>;
}

/** A server of Node's in this process, on an address of this machine; it goes when the test has ended. */
export async function startPeer(host: string): Promise<Peer> {
  const waiting: Socket[] = [];
  const sockets: Socket[] = [];
  const server = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => {
    socket.on("error", () => {});
    sockets.push(socket);
    waiting.push(socket);
  });
  onTestFinished(async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  });
  await new Promise<void>((resolve) => server.listen(0, host, resolve));
  return { port: portOf(server), accepted: () => until(() => waiting.shift()) };
}

/** A port on which nobody listens. */
export async function deadPort(host: string): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, host, resolve));
  const port = portOf(server);
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** The bits of the next event. Asks again and again without blocking: the peer lives in this thread too. */
export function nextEvents(epoll: Epoll): Promise<number> {
  return until(() => (epoll.wait(0) > 0 ? epoll.eventsAt(0) : undefined));
}

async function until<T>(look: () => T | undefined): Promise<T> {
  for (;;) {
    const seen = look();
    if (seen !== undefined) return seen;
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
}

function portOf(server: Server): number {
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("not listening on a port");
  return address.port;
}
