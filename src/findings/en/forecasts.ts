import { count, decimal, span } from "../../text/figures.js";
import type { ForecastFigures } from "../figures.js";
import type { FindingTexts, Place } from "../types.js";
import { endOf, hostAt, portsText, upper } from "./places.js";
import { fromOf } from "../points.js";

/** What would come if a load went on. */
export const FORECASTS: Pick<FindingTexts, "forecast"> = {
  forecast: {
    when: "connections came and went: where TIME_WAIT would level off, how long ports last",
    text: (figures, at) => (figures.of === "population" ? populationText(figures, at) : portsLast(figures, at)),
  },
};

type Of<What extends ForecastFigures["of"]> = Extract<ForecastFigures, { of: What }>;

function populationText(figures: Of<"population">, at: Place): string {
  const { end, durationMs } = figures;
  const what = fromOf(at) === "client" ? "it" : `TIME_WAIT on ${endOf(end, at)}`;
  return `Nothing capped ${what} in ${span(durationMs)}: ${ahead(figures, at)}`;
}

function ahead({ end, by, perSec, ramp, at: level, ports }: Of<"population">, at: Place): string {
  const rate = `60 s × ${decimal(perSec)} a second${ramp ? " at the ramp's end" : ""}`;
  const from = hostAt("from", at);
  switch (by) {
    case "rate":
      return `it would level off at ${rate} = ${count(Math.round(level))}`;
    case "reopened":
      return `it would level off at about ${count(Number(level.toPrecision(2)))} (${rate}, for ${from}'s ports come round and open sockets in TIME_WAIT again)`;
    case "ports": {
      const orHalf = end === "to" ? ", or half of them," : "";
      return `${from}'s ${ports === null ? "ports" : portsText(ports, "local ports")}${orHalf} would cap it before 60 s are over`;
    }
    case "buckets":
      return `net.ipv4.tcp_max_tw_buckets = ${count(level)} would cap it before 60 s are over`;
  }
}

function portsLast(figures: Of<"ports">, at: Place): string {
  const { ports, perSec, ramp, closes, lastMs, endlessPerSec, reuse, ranOut } = figures;
  const from = hostAt("from", at);
  const those = `${from}'s ${portsText(ports)}`;
  const endless = `up to ${decimal(endlessPerSec)} a second they last for ever, for each is free again after 60 s`;
  if (ranOut)
    return reuse === null
      ? `Of ${those} each is free again after 60 s: they last for ever up to ${decimal(endlessPerSec)} TIME_WAIT a second`
      : `${upper(those)} ran out although tcp_tw_reuse = ${reuse} lets it take one again after a second`;
  const one = perSec === 1 ? "connection" : "connections";
  const rate = `${decimal(perSec)} ${closes ? "TIME_WAIT" : one} a second${ramp ? " (the ramp's end)" : ""}`;
  if (lastMs === null)
    return `At ${rate} ${from} never runs out of its ${portsText(ports)}${closes ? "" : ", even if it closed first"}`;
  const without = reuse === null ? "" : ` without tcp_tw_reuse = ${reuse}`;
  const lasting = `${span(lastMs)}${without} at ${rate}; ${endless}`;
  return closes
    ? `${upper(those)} last ${lasting}`
    : `If ${from} closed first, its ${portsText(ports)} would last ${lasting}`;
}
