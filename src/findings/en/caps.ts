import { count, decimal } from "../../text/figures.js";
import type { CapFigures } from "../figures.js";
import type { FindingTexts, Place } from "../types.js";
import { endOf, hostAt, rangeText, upper } from "./places.js";

/** What capped a population. */
export const CAPS: Pick<FindingTexts, "cap"> = {
  cap: {
    when: "the population in TIME_WAIT at an end of a link stopped growing: by which limit",
    text: capText,
  },
};

function capText(figures: CapFigures, at: Place): string {
  const { end, by, created, peak, limit, ports, perSec, recycled } = figures;
  const atOnce = `Of ${count(created)} sockets that entered TIME_WAIT on ${endOf(end, at)}, at most ${count(peak)} were there at once`;
  switch (by) {
    case "buckets":
      return `On ${endOf(end, at)} TIME_WAIT peaked at ${count(peak)}, next to the limit net.ipv4.tcp_max_tw_buckets = ${count(limit)}`;
    case "ports":
    case "half-ports":
      return portsCap(figures, at);
    case "rate":
      return `TIME_WAIT on ${endOf(end, at)} levelled off at ${count(peak)}: 60 s × ${decimal(perSec)} created a second`;
    case "recycled":
      return `${atOnce}: new connections took over ${count(recycled)} (TWRecycled)`;
    case "reopened": {
      const had = ports === null ? "" : `, of which ${hostAt("from", at)} has ${count(ports.size)},`;
      return `${atOnce}: new connections from the same ports${had} opened the others again`;
    }
    case "fewer":
      return atOnce;
    case "nat-ports": {
      const range = ports === null ? "" : `${count(ports.size)} ports (${ports.low}–${ports.high})`;
      return `${upper(hostAt("to", at))} sees every client as one address with ${range}: it can hold ${count(ports?.size)} TIME_WAIT of them at most`;
    }
  }
}

function portsCap({ end, by, peak, ports }: CapFigures, at: Place): string {
  if (ports === null) return "";
  const half = by === "half-ports";
  const about = peak === (half ? ports.size / 2 : ports.size) ? "" : "about ";
  const one = end === "to" ? "one client address leaves at most one a port" : "each socket in it holds one";
  const first = half ? ", and connect() takes every second one first" : "";
  return `${upper(hostAt("from", at))}'s ports cap TIME_WAIT: its peak of ${count(peak)} is ${about}${half ? "half" : "all"} of the ${rangeText(ports)}; ${one}${first}`;
}
