import { readFileSync } from "node:fs";
import { encodeEntriesRequest, entriesReply, NETLINK_NETFILTER, TRACKED_TIME_WAIT } from "../../kernel/ctnetlink.js";
import { NetlinkSocket } from "../../kernel/netlink-socket.js";

const COUNT = "/proc/sys/net/netfilter/nf_conntrack_count";
/** A reply that is never done would be read for ever. */
const MOST_DATAGRAMS = 1_000_000;

/** How many connections this host's kernel tracks; null where it has no connection tracking. */
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
export function trackedTimeWait(): { entries: number; longestLeftMs: number | null } | null {
  if (trackedConnections() === null) return null;
  let socket: NetlinkSocket | null = null;
  try {
    socket = NetlinkSocket.open(NETLINK_NETFILTER);
    let entries = 0;
    let longestLeftMs: number | null = null;
    const reply = entriesReply(1, ({ tcpState, leftSec }) => {
      if (tcpState !== TRACKED_TIME_WAIT) return;
      entries++;
      if (leftSec !== null) longestLeftMs = Math.max(longestLeftMs ?? 0, leftSec * 1_000);
    });
    socket.send(encodeEntriesRequest(1));
    for (let datagram = 0; !reply.done && datagram < MOST_DATAGRAMS; datagram++) reply.push(socket.receive());
    return { entries, longestLeftMs };
  } catch {
    // No ctnetlink in this kernel, no koffi for this platform, or no right to look.
    return null;
  } finally {
    socket?.close();
  }
}
