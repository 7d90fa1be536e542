import { count, decimal, plural, share, shares } from "../../text/figures.js";
import type { HolderFigures } from "../figures.js";
import type { FindingTexts, Place } from "../types.js";
import { endOf, hostAt, inStep, towards, upper } from "./places.js";
import { fromOf, opposite } from "../points.js";

/** Who holds TIME_WAIT, and why. */
export const HOLDERS: Pick<FindingTexts, "nothing-measured" | "holder" | "loopback-hides"> = {
  "nothing-measured": {
    when: "a variant was not measured, or a load sent no request",
    text: ({ sent }, at) =>
      sent === null ? "Nothing was measured" : `No request was sent${inStep(at)}, so there is nothing to explain`,
  },
  holder: {
    when: "always: which end of a link holds TIME_WAIT, or why hardly any was left",
    text: holderText,
  },
  "loopback-hides": {
    when: "over loopback ports in TIME_WAIT were taken again, as they are not between hosts",
    text: ({ ports, recycled }) =>
      `Over loopback tcp_tw_reuse = 2 lets a port in TIME_WAIT be taken again after a second${recycled === null || recycled === 0 ? "" : `, which happened ${plural(recycled, "time")}`}: between two hosts each of the ${count(ports)} ports stays taken for 60 s`,
  },
};

function holderText(figures: HolderFigures, at: Place): string {
  const { kind, end, created, opened, succeeded, requestsPer, refusedAt, closedFirst } = figures;
  const total = (created?.from ?? 0) + (created?.to ?? 0);
  switch (kind) {
    case "unreadable":
      return "TIME_WAIT could not be read on this machine";
    case "resets":
      return `${upper(ofConnections(closedFirst?.reset ?? 0))} ended in a reset (RST), which leaves no TIME_WAIT: of ${plural(opened, "connection")} ${count(total)} left one`;
    case "reused": {
      const where = end === null ? "" : ` on ${endOf(end, at)}`;
      const between = fromOf(at) === "client" ? "" : ` between ${hostAt("from", at)} and ${hostAt("to", at)}`;
      const entered = total === 0 ? `No socket${between}` : `Only ${plural(total, "socket")}${where}`;
      return `${entered} entered TIME_WAIT for ${plural(succeeded, "request")}: ${plural(opened, "connection")} carried ${decimal(requestsPer)} each`;
    }
    case "none":
      return refusedAt === null
        ? `No socket entered TIME_WAIT; ${plural(opened, "connection")} opened`
        : `No socket entered TIME_WAIT, although ${hostAt(refusedAt, at)} sent the first FIN on ${ofConnections(closedFirst?.[refusedAt] ?? 0)}`;
    case "both":
      return bothText(figures, at);
    case "one":
      return oneText(figures, at);
  }
}

function bothText({ created, closedFirst }: HolderFigures, at: Place): string {
  const [from, to] = [hostAt("from", at), hostAt("to", at)];
  const figures = `${plural(created?.to ?? 0, "socket")} entered it on ${to}, ${count(created?.from)} on ${from}`;
  if (closedFirst === null || closedFirst.from === 0 || closedFirst.to === 0)
    return `Both sides hold TIME_WAIT: ${figures}`;
  const [ofTo, ofFrom] = shares([closedFirst.to, closedFirst.from, closedFirst.reset]);
  return `Both sides hold TIME_WAIT (${figures}), for sometimes the one and sometimes the other sent the first FIN: ${to} on ${ofTo} of the connections, ${from} on ${ofFrom}`;
}

function oneText({ end, created, closedFirst }: HolderFigures, at: Place): string {
  if (end === null) return "";
  const holds = `${upper(hostAt(end, at))} holds TIME_WAIT${towards(end, at)}`;
  if (closedFirst !== null && closedFirst[end] >= 0.5)
    return `${holds}: it sent the first FIN on ${ofConnections(closedFirst[end])}`;
  const other = opposite(end);
  return `${holds}: ${plural(created?.[end] ?? 0, "socket")} entered it there, ${count(created?.[other])} on ${hostAt(other, at)}`;
}

function ofConnections(part: number): string {
  return part >= 1 ? "every connection" : `${share(part)} of the connections`;
}
