import { count, plural } from "../../text/figures.js";
import type { FiguresOf } from "../figures.js";
import type { FindingTexts } from "../types.js";
import { the } from "./places.js";

/** What concerns a host, whatever its links. */
export const HOSTS: Pick<
  FindingTexts,
  "listen-overflow" | "buckets-overflow" | "conntrack-full" | "tracked" | "beside"
> = {
  "listen-overflow": {
    when: "a host counted `ListenOverflows` or `ListenDrops`",
    text: ({ host, overflows, drops }) =>
      overflows > 0
        ? `an accept queue on ${host} was full ${plural(overflows, "time")}: clients had to try again, a second later or more`
        : `${host} dropped ${plural(drops, "connection attempt")} at its listeners`,
  },
  "buckets-overflow": {
    when: "a host counted `TCPTimeWaitOverflow`",
    text: bucketsText,
  },
  "conntrack-full": {
    when: "netfilter's table on a host was nine tenths full, or more",
    text: ({ host, tracked, room }) =>
      `netfilter on ${host} tracked ${plural(tracked, "connection")} at once, and has room for ${count(room)} (nf_conntrack_max): beyond it new ones are dropped`,
  },
  tracked: {
    when: "netfilter tracked connections on a host",
    text: ({ host, tracked, before, inTimeWait, seconds }) => {
      const left = before === 0 ? "" : ` (${count(before)} of them from before the load)`;
      const staying =
        seconds === null ? "" : `, where an entry stays for ${seconds} s (nf_conntrack_tcp_timeout_time_wait)`;
      const waiting = inTimeWait === null ? "" : `, at most ${count(inTimeWait)} in TIME_WAIT${staying}`;
      return `On ${host} netfilter tracked at most ${plural(tracked, "connection")} at once${left}${waiting}`;
    },
  },
  beside: {
    when: "other hosts held TIME_WAIT, and it is not known of which link",
    text: ({ peaks }) =>
      `Beside them TIME_WAIT peaked at ${Object.entries(peaks)
        .map(([name, peak]) => `${count(peak)} on ${the(name)}`)
        .join(", ")}`,
  },
};

function bucketsText({ host, refused, limit, peak }: FiguresOf["buckets-overflow"]): string {
  const name = "net.ipv4.tcp_max_tw_buckets";
  if (limit === 0)
    return `${name} = 0 switches TIME_WAIT off on ${host}: ${plural(refused, "socket")} went without it (TCPTimeWaitOverflow)`;
  if (limit === null)
    return `${name} kept ${plural(refused, "socket")} out of TIME_WAIT on ${host} (TCPTimeWaitOverflow)`;
  const capped = peak === null ? "caps TIME_WAIT" : `caps TIME_WAIT at ${count(peak)}`;
  return `${name} = ${count(limit)} ${capped} on ${host}: ${plural(refused, "more socket")} went without it (TCPTimeWaitOverflow)`;
}
