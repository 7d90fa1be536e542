import { readFileSync } from "node:fs";
import { monotonicMs } from "../../kernel/clock.js";
import { ColumnPicker } from "../../sampler/pick-columns.js";
import { NET, readTimeWait } from "../../sampler/read.js";

const LOOK_EVERY_MS = 10;
const QUIET_LOOKS = 5;

/** Waits until nothing has opened, closed or entered TIME_WAIT for 50 ms; gives up, without an error, after `timeoutMs`. */
export async function settle(timeoutMs: number): Promise<void> {
  const deadline = monotonicMs() + timeoutMs;
  const fingerprint = fingerprints();
  let last = "";
  for (let quiet = 0; quiet < QUIET_LOOKS && monotonicMs() < deadline;) {
    const now = fingerprint();
    quiet = now === last ? quiet + 1 : 0;
    last = now;
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
}

/** Of the 300 counters only those that tell: there is a look at them a hundred times a second. */
function fingerprints(): () => string {
  const tcp = new ColumnPicker("/proc/net/snmp", "Tcp:", ["CurrEstab", "ActiveOpens", "PassiveOpens", "OutRsts"]);
  const extended = new ColumnPicker("/proc/net/netstat", "TcpExt:", ["TW"]);
  return () => {
    try {
      const snmp = tcp.pick(readFileSync(`${NET}snmp`));
      const netstat = extended.pick(readFileSync(`${NET}netstat`));
      return [readTimeWait(), ...snmp, ...netstat].join(" ");
    } catch {
      return "";
    }
  };
}
