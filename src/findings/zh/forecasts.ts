import { count, decimal, span } from "../../text/figures.js";
import type { ForecastFigures } from "../figures.js";
import type { Place } from "../types.js";
import { endOf, hostAt, portsText } from "./places.js";
import { fromOf } from "../points.js";
import type { TextsOf } from "./texts.js";

/** What would come if a load went on. */
export const FORECASTS: TextsOf<"forecast"> = {
  forecast: (figures, at) => (figures.of === "population" ? populationText(figures, at) : portsLast(figures, at)),
};

type Of<What extends ForecastFigures["of"]> = Extract<ForecastFigures, { of: What }>;

function populationText(figures: Of<"population">, at: Place): string {
  const { end, durationMs } = figures;
  const what = fromOf(at) === "client" ? "TIME_WAIT" : `${endOf(end, at)}的 TIME_WAIT`;
  return `${span(durationMs)}内${what} 没有碰到上限：继续下去，${ahead(figures, at)}`;
}

function ahead({ end, by, perSec, ramp, at: level, ports }: Of<"population">, at: Place): string {
  const rate = `60 秒 × 每秒 ${decimal(perSec)} 个${ramp ? "（升速结束时）" : ""}`;
  const from = hostAt("from", at);
  switch (by) {
    case "rate":
      return `会稳定在 ${rate} = ${count(Math.round(level))} 个`;
    case "reopened":
      return `会稳定在约 ${count(Number(level.toPrecision(2)))} 个（${rate}；因为${from}的端口会轮转一圈，重新打开仍在 TIME_WAIT 的连接）`;
    case "ports": {
      const orHalf = end === "to" ? "（或其中一半）" : "";
      return `不到 60 秒就会碰到${from}的${ports === null ? "端口数" : ` ${portsText(ports, "本地端口")}`}${orHalf}这个上限`;
    }
    case "buckets":
      return `不到 60 秒就会碰到上限 net.ipv4.tcp_max_tw_buckets = ${count(level)}`;
  }
}

function portsLast(figures: Of<"ports">, at: Place): string {
  const { ports, perSec, ramp, closes, lastMs, endlessPerSec, reuse, ranOut } = figures;
  const from = hostAt("from", at);
  const those = `${from}的 ${portsText(ports)}`;
  const endless = `每秒不超过 ${decimal(endlessPerSec)} 个就永远够用，因为每个端口 60 秒后又空闲`;
  if (ranOut)
    return reuse === null
      ? `${those}，每个 60 秒后又空闲：每秒不超过 ${decimal(endlessPerSec)} 个 TIME_WAIT 就永远够用`
      : `尽管 tcp_tw_reuse = ${reuse} 允许端口一秒后再用，${those}还是用完了`;
  const rate = `每秒 ${decimal(perSec)} ${closes ? "个 TIME_WAIT" : "条连接"}${ramp ? "（升速结束时）" : ""}`;
  if (lastMs === null) return `按${rate}，${those}永远用不完${closes ? "" : "，即使由它先关闭"}`;
  const without = reuse === null ? "" : `（不算 tcp_tw_reuse = ${reuse}）`;
  return closes
    ? `按${rate}，${those}够用 ${span(lastMs)}${without}；${endless}`
    : `假如${from}先关闭：按${rate}，它的 ${portsText(ports)}够用 ${span(lastMs)}${without}；${endless}`;
}
