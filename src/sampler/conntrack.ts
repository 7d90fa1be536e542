import { readFileSync } from "node:fs";
import { encodeEntriesRequest, entriesReply, NETLINK_NETFILTER, TRACKED_TIME_WAIT } from "../kernel/ctnetlink.js";
import { DamagedReplyError } from "../kernel/netlink.js";
import { NetlinkSocket } from "../kernel/netlink-socket.js";
import { inStretches } from "./stretches.js";
import type { ConntrackSample } from "./types.js";

const COUNT = "/proc/sys/net/netfilter/nf_conntrack_count";
/** A reply that is never done would be read for ever. */
const MOST_DATAGRAMS = 1_000_000;
/**
 * Entries are dumped at most this share of the time: a dump walks the whole machine's hash, whosever the entries are
 * (net/netfilter/nf_conntrack_netlink.c, ctnetlink_dump_table), which with 262,144 buckets is some 9 ms for none, and
 * with 250,000 entries 600 ms.
 */
const DUMP_TIME_SHARE = 0.05;
/** Who may not look, or came at a bad moment, asks again after so long. */
const FAILED_AGAIN_MS = 5_000;

/**
 * How many connections this host's kernel tracks, those among them that have expired and were not collected yet; null
 * where it has no connection tracking. 0 is no sign of it: the setting is there before any rule asks for the state of
 * connections, and nothing is tracked until one does.
 */
export function trackedConnections(): number | null {
  try {
    return Number(readFileSync(COUNT, "latin1"));
  } catch {
    return null;
  }
}

/**
 * What of them is in TIME_WAIT, which is a state of the entry and has a timer of its own: the socket may be gone long
 * before, or stay longer. null where the kernel does not tell.
 */
export async function trackedTimeWait(): Promise<{
  entries: number;
  longestLeftMs: number | null;
  costMs: number;
} | null> {
  if (trackedConnections() === null) return null;
  let socket: NetlinkSocket | null = null;
  try {
    const asked = (socket = NetlinkSocket.open(NETLINK_NETFILTER));
    let entries = 0;
    let longestLeftMs: number | null = null;
    const reply = entriesReply(1, ({ tcpState, leftSec }) => {
      if (tcpState !== TRACKED_TIME_WAIT) return;
      entries++;
      if (leftSec !== null) longestLeftMs = Math.max(longestLeftMs ?? 0, leftSec * 1_000);
    });
    let datagrams = 0;
    const costMs = await inStretches(() => {
      if (datagrams++ === 0) asked.send(encodeEntriesRequest(1));
      if (datagrams > MOST_DATAGRAMS) throw new DamagedReplyError("the reply does not end");
      reply.push(asked.receive());
      return !reply.done;
    });
    return { entries, longestLeftMs, costMs };
  } catch {
    // No ctnetlink in this kernel, no koffi for this platform, or no right to look.
    return null;
  } finally {
    socket?.close();
  }
}

/** Tells of connection tracking with each reading of a table: how many each time, their states as cost allows. */
export class ConntrackWatch {
  readonly #dump: typeof trackedTimeWait;
  #dumpFromMs = 0;

  constructor(dump = trackedTimeWait) {
    this.#dump = dump;
  }

  /**
   * @param count as `trackedConnections` has just told
   * @param now the machine's monotonic clock
   * @param atAnyCost the last reading of a run, which nothing comes after that could make up for it
   */
  async look(count: number, now: () => number, atAnyCost: boolean): Promise<ConntrackSample> {
    if (count === 0) return { count, timeWait: 0, costUs: 0 };
    if (now() < this.#dumpFromMs && !atAnyCost) return { count, timeWait: null, costUs: 0 };
    const dump = await this.#dump();
    this.#dumpFromMs = now() + (dump === null ? FAILED_AGAIN_MS : dump.costMs / DUMP_TIME_SHARE);
    return { count, timeWait: dump?.entries ?? null, costUs: Math.round((dump?.costMs ?? 0) * 1_000) };
  }
}
