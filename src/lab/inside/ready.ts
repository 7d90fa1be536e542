import { get } from "node:http";
import { get as getSecure } from "node:https";
import { connect, type Socket } from "node:net";
import { monotonicMs } from "../../kernel/clock.js";
import type { ReadyProbe } from "../types.js";

const FIRST_PAUSE_MS = 2;
const LONGEST_PAUSE_MS = 100;

/**
 * Tries until the server answers; a connection that the kernel refuses is an event too, so the next try comes soon
 * after. Each probe's connection is ended by RST: it must leave no TIME_WAIT in the lab.
 * @throws after the probe's time, with the last failure
 */
export async function waitUntilReady(probe: ReadyProbe): Promise<void> {
  const deadline = monotonicMs() + probe.timeoutMs;
  for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(LONGEST_PAUSE_MS, pause * 2)) {
    const leftMs = (): number => Math.max(1, deadline - monotonicMs());
    try {
      return await tryOnce(probe, leftMs()).catch((error: unknown) => {
        if (probe.orAt === undefined) throw error;
        return tryOnce({ ...probe, host: probe.orAt }, leftMs());
      });
    } catch (error) {
      if (monotonicMs() + pause >= deadline) throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, pause));
  }
}

async function tryOnce(probe: ReadyProbe, timeoutMs: number): Promise<void> {
  return probe.by === "tcp" ? tryTcp(probe, timeoutMs) : tryHttp(probe, timeoutMs);
}

function tryTcp({ host, port }: ReadyProbe, timeoutMs: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port });
    const late = setTimeout(() => socket.destroy(new Error("no connection in time")), timeoutMs);
    socket.once("connect", () => {
      clearTimeout(late);
      socket.resetAndDestroy();
      resolve();
    });
    socket.once("error", (error) => {
      clearTimeout(late);
      reject(error);
    });
  });
}

/** Any answer below 500 will do: a 404 is the service's own business. */
function tryHttp({ host, port, path, tls }: ReadyProbe & { by: "http" }, timeoutMs: number): Promise<void> {
  return new Promise((resolve, reject) => {
    let socket: Socket | undefined;
    const where = { host, port, path, agent: false, rejectUnauthorized: false };
    const request = (tls === true ? getSecure : get)(where, (response) => {
      clearTimeout(late);
      response.resume();
      response.once("close", () => socket?.resetAndDestroy());
      socket?.resetAndDestroy();
      if ((response.statusCode ?? 500) < 500) resolve();
      else reject(new Error(`it answers with status ${response.statusCode}`));
    });
    const late = setTimeout(() => request.destroy(new Error("no answer in time")), timeoutMs);
    request.once("socket", (used) => (socket = used));
    request.on("error", (error) => {
      clearTimeout(late);
      reject(error);
    });
  });
}
