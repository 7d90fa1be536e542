import { readCounters, readTimeWait } from "../../sampler/read.js";
import { monotonicMs } from "../../kernel/clock.js";

const LOOK_EVERY_MS = 10;
const QUIET_LOOKS = 5;

/** Waits until nothing has opened, closed or entered TIME_WAIT for 50 ms; gives up, without an error, after `timeoutMs`. */
export async function settle(timeoutMs: number): Promise<void> {
  const deadline = monotonicMs() + timeoutMs;
  let last = "";
  for (let quiet = 0; quiet < QUIET_LOOKS && monotonicMs() < deadline;) {
    const now = fingerprint();
    quiet = now === last ? quiet + 1 : 0;
    last = now;
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
}

function fingerprint(): string {
  try {
    const counters = readCounters();
    const watched = ["Tcp:CurrEstab", "Tcp:ActiveOpens", "Tcp:PassiveOpens", "TcpExt:TW", "Tcp:OutRsts"];
    return [readTimeWait(), ...watched.map((name) => counters[name])].join(" ");
  } catch {
    return "";
  }
}
