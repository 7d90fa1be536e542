import { monotonicMs } from "../kernel/clock.js";
import type { ProbeStep } from "../scenario/phases/types.js";
import { Tally } from "./tally.js";
import type { Figures } from "./types.js";
import { type Followed, Watch, type Watched } from "./watch.js";

/** Its own ports begin here, beyond those of a flood. */
const FIRST_PORT = 20_000;
let ports = 0;

/**
 * A peer that is nothing but what segments say for it, at an address at which no kernel answers: nothing is sent in its
 * name that no step says. It speaks to a port, or hears from whoever connects to it.
 */
export function takePeer(
  step: Extract<ProbeStep, { do: "peer" }>,
  silence: string,
): { figures: Figures; followed: Followed | number } {
  const tally = new Tally(step.timeoutMs);
  const begin = (connection: Watched): void => {
    connection.next = Math.floor(Math.random() * 2 ** 32);
    if (step.timestamps && connection.timestamp === null) connection.timestamp = { own: 1000, peers: 0 };
  };
  const peer = step.to === null ? null : { address: step.to, port: step.port };
  const own = { address: silence, port: peer === null ? step.port : (step.from ?? FIRST_PORT + ports++) };
  const watch = Watch.open(
    { like: silence, source: peer, destination: own },
    monotonicMs,
    peer === null ? begin : null,
  );
  if (typeof watch === "number") tally.failed(tally.startedMs, watch, "watch");
  else {
    if (peer !== null) begin(watch.followed(own, peer));
    tally.succeeded(tally.startedMs);
  }
  const ghost = { timestamps: step.timestamps };
  const followed = typeof watch === "number" ? watch : { watch, connections: () => watch.connections, ghost };
  return { figures: tally.figures({ failedCall: tally.failedCall, localPort: own.port }), followed };
}
