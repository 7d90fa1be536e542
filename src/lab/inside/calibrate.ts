import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import type { Calibration } from "../types.js";
import { readCounters, readTimeWait } from "../../sampler/read.js";

const LOOPBACK = "127.0.0.1";
/** A SYN reopens a TIME_WAIT only with a timestamp that is newer than its last one (RFC 6191), in milliseconds. */
const NEXT_TICK_MS = 3;
const PATIENCE_MS = 200;
/** On a busy machine the FINs of both ends may cross: then both hold it. */
const MOST_TRIES = 5;

/**
 * Closes one connection over this host's loopback and looks whether `TcpExt:TW` counted it. The TIME_WAIT is then taken
 * away: a connection from the same port reopens the socket that holds it, and is ended by a reset.
 */
export async function calibrate(): Promise<Calibration> {
  const server = createServer((accepted) => {
    accepted.on("error", () => {});
    accepted.resume();
    accepted.end();
  });
  server.listen(0, LOOPBACK);
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  try {
    const before = timeWaitCounter();
    const localPort = await closedByServer(port);
    await until(() => readTimeWait() > 0);
    const counted = timeWaitCounter() - before;
    server.removeAllListeners("connection");
    server.on("connection", (accepted: Socket) => accepted.on("error", () => {}));
    for (let tries = 0; tries < MOST_TRIES && readTimeWait() > 0; tries++) {
      await new Promise((resolve) => setTimeout(resolve, NEXT_TICK_MS));
      await reopenAndReset(port, localPort);
      await until(() => readTimeWait() === 0);
    }
    return { known: 1, counted, left: readTimeWait() };
  } finally {
    server.close();
  }
}

async function closedByServer(port: number): Promise<number> {
  const socket = connect({ host: LOOPBACK, port });
  await once(socket, "connect");
  const { localPort } = socket;
  socket.resume();
  // Without allowHalfOpen our own FIN follows the server's.
  await once(socket, "close");
  return localPort!;
}

async function reopenAndReset(port: number, localPort: number): Promise<void> {
  const socket = connect({ host: LOOPBACK, port, localPort });
  try {
    await once(socket, "connect");
    socket.resetAndDestroy();
  } catch {
    // It stays then, and `left` says so.
    socket.destroy();
  }
}

function timeWaitCounter(): number {
  return readCounters()["TcpExt:TW"] ?? 0;
}

async function until(reached: () => boolean): Promise<void> {
  for (let waited = 0; !reached() && waited < PATIENCE_MS; waited++)
    await new Promise((resolve) => setTimeout(resolve, 1));
}
