import { count, decimal } from "../../text/figures.js";
import type { CapFigures } from "../figures.js";
import type { Place } from "../types.js";
import { endOf, hostAt, rangeText } from "./places.js";
import type { TextsOf } from "./texts.js";

/** What capped a population. */
export const CAPS: TextsOf<"cap"> = { cap: capText };

function capText(figures: CapFigures, at: Place): string {
  const { end, by, created, peak, limit, ports, perSec, recycled } = figures;
  const atOnce = `${endOf(end, at)}先后有 ${count(created)} 条连接进入 TIME_WAIT，同时存在的最多 ${count(peak)} 条`;
  switch (by) {
    case "buckets":
      return `${endOf(end, at)}的 TIME_WAIT 峰值为 ${count(peak)}，接近上限 net.ipv4.tcp_max_tw_buckets = ${count(limit)}`;
    case "ports":
    case "half-ports":
      return portsCap(figures, at);
    case "rate":
      return `${endOf(end, at)}的 TIME_WAIT 稳定在 ${count(peak)}：60 秒 × 每秒新增 ${decimal(perSec)} 个`;
    case "recycled":
      return `${atOnce}：其中 ${count(recycled)} 条被新连接复用（TWRecycled）`;
    case "reopened": {
      const had = ports === null ? "" : `（${hostAt("from", at)}共有 ${count(ports.size)} 个端口）`;
      return `${atOnce}：其余的被来自相同端口的新连接重新打开${had}`;
    }
    case "fewer":
      return atOnce;
    case "nat-ports": {
      const range = ports === null ? "" : `，只有 ${count(ports.size)} 个端口（${ports.low}–${ports.high}）`;
      return `在${hostAt("to", at)}看来，所有客户端是同一个地址${range}：它们的 TIME_WAIT 最多 ${count(ports?.size)} 个`;
    }
  }
}

function portsCap({ end, by, peak, ports }: CapFigures, at: Place): string {
  if (ports === null) return "";
  const half = by === "half-ports";
  const about = peak === (half ? ports.size / 2 : ports.size) ? "" : "约";
  const one = end === "to" ? "一个客户端地址的每个端口至多留下一个" : "每个 TIME_WAIT 占用一个端口";
  const first = half ? "，而 connect() 先只取其中一半（奇偶相同的端口）" : "";
  return `${hostAt("from", at)}的端口数限制了 TIME_WAIT：峰值 ${count(peak)} ${about}等于 ${rangeText(ports)}的${half ? "一半" : "全部"}；${one}${first}`;
}
