import { countsOf } from "./counts.js";
import type { LinkSeen } from "./gather.js";

interface Ended extends Pick<LinkSeen, "ends"> {
  opened: number;
  created: { from: number; to: number };
  refused: { from: number; to: number };
  single: { from: boolean; to: boolean };
}

/** Sockets that were counted as TIME_WAIT at this end and never came to it. */
interface Prevented {
  end: "from" | "to";
  sockets: number;
  /** false where there may be such sockets, and no counter tells how many. */
  certain: boolean;
}

/**
 * Sockets that `TcpExt:TW` counted in FIN_WAIT2, when their program had gone (net/ipv4/tcp.c, __tcp_close), and that a RST
 * ended before they came to TIME_WAIT: then more connections have ended, by TIME_WAIT and by resets, than there were. They
 * are at the end of which the tables show less than it counted. How many were reset, a host tells that has no other link.
 */
export function prevented({ ends, opened, created, refused, single }: Ended): Prevented {
  // What is in TIME_WAIT still has arrived; FINs that crossed leave one at each end.
  const unseenAt = (each: "from" | "to"): number => Math.max(0, created[each] - (ends[each]?.timeWait.created ?? 0));
  const end = unseenAt("from") > unseenAt("to") ? "from" : "to";
  const unseen = unseenAt(end);
  const { from } = ends;
  if (ends[end] === null || from === null) return { end, sockets: 0, certain: true };
  const resets = (["from", "to"] as const).map((each) => ({
    alone: single[each],
    counted: countsOf(ends[each]?.host ?? from.host)?.["Tcp:EstabResets"] ?? 0,
  }));
  const known = resets.filter(({ alone }) => alone).map(({ counted }) => counted);
  if (known.length === 0)
    return { end, sockets: 0, certain: unseen === 0 || resets.every(({ counted }) => counted === 0) };
  const least = Math.max(...known);
  const ended = opened + from.open.before - from.open.after;
  const tooMany = created.from + created.to + refused.from + refused.to + least - ended;
  return { end, sockets: Math.max(0, Math.min(unseen, least, tooMany)), certain: true };
}
