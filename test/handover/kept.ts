import type { Kept } from "../../src/watch/types.js";

/** Readings of a namespace, one a second: what a host made to one server, and what it closed first. */
export function keptOf(options: {
  address: string;
  peer: string;
  /** A second; each closes at once, and its TIME_WAIT stays. */
  perSec: number;
  seconds: number;
  end?: "from" | "to";
  /** It holds the TIME_WAIT of what ended. */
  closesFirst?: boolean;
}): Kept[] {
  const { address, peer, perSec, seconds, end = "from", closesFirst = true } = options;
  return Array.from({ length: seconds + 1 }, (_, second) => {
    const closed = 100 + perSec * second;
    const held = closesFirst ? closed : 0;
    return {
      source: "netlink",
      costMs: 1,
      addresses: ["127.0.0.1", address],
      snapshot: {
        // Each machine has a clock of its own.
        atMs: 5_000_000 + 1_000 * second,
        counters: {
          "Tcp:ActiveOpens": end === "from" ? closed : 0,
          "Tcp:PassiveOpens": end === "to" ? closed : 0,
          "Tcp:CurrEstab": 2,
          "TcpExt:TW": held,
        },
        timeWait: held,
        ends: [
          {
            end,
            port: 8080,
            local: address,
            remote: peer,
            states: { established: 2, ...(held > 0 ? { time_wait: held } : {}) },
            timeWaitLeftMs: held > 0 ? { min: 1, max: 60_000 } : null,
            timeWaitBorn: second === 0 ? held : closesFirst ? perSec : 0,
          },
        ],
        cpu: {},
        localPorts: { low: 32_768, high: 60_999 },
      },
    };
  });
}
