import { countsOf } from "./counts.js";
import type { HostTotals, HostView } from "./types.js";

/**
 * What one host's kernel counted, over all of its links.
 * @param notArrived how many of the sockets that it counted as TIME_WAIT never came to it
 */
export function totalsOf(host: HostView, notArrived: number): HostTotals {
  const counters = countsOf(host) ?? {};
  const end = Math.max(0, (host.after.timeWait ?? 0) - host.left);
  return {
    timeWait: {
      created: (counters["TcpExt:TW"] ?? 0) - notArrived,
      peak: Math.max(end, host.gaugePeak - host.left),
      end,
    },
    opened: Math.max(0, (counters["Tcp:ActiveOpens"] ?? 0) - (counters["Tcp:AttemptFails"] ?? 0)),
    accepted: counters["Tcp:PassiveOpens"] ?? 0,
  };
}
