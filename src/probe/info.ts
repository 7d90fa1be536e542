import { monotonicMs } from "../kernel/clock.js";
import { peerAddress, type TcpInfo, tcpInfo } from "../kernel/tcp-info.js";
import type { ProbeStep } from "../scenario/phases/types.js";
import { TCP_STATES } from "../scenario/types.js";
import { localPortOf } from "./opening.js";
import type { Sockets } from "./sockets.js";
import { Tally } from "./tally.js";
import type { Figures } from "./types.js";

/** What TCP_INFO says: how many sockets are in each state, and everything else of the first. */
export function takeInfo(step: Extract<ProbeStep, { do: "info" }>, sockets: Sockets): Figures {
  const named = sockets.of(step.socket);
  const tally = new Tally(step.timeoutMs);
  const counts: Record<string, number> = Object.fromEntries(TCP_STATES.map((state) => [state, 0]));
  let first: Omit<TcpInfo, "state"> | null = null;
  if (named.length === 0) tally.nothingThere();
  for (const { fd } of named) {
    const sinceMs = monotonicMs();
    const info = tcpInfo(fd);
    if (typeof info === "number") {
      tally.failed(sinceMs, info);
      continue;
    }
    tally.succeeded(sinceMs);
    const { state: number, ...rest } = info;
    const state = TCP_STATES[(number ?? 0) - 1];
    if (state !== undefined) counts[state] = counts[state]! + 1;
    first ??= rest;
  }
  const remotePort = named[0] === undefined ? null : (peerAddress(named[0].fd)?.port ?? null);
  return tally.figures({ ...counts, localPort: localPortOf(named), remotePort, ...first });
}
