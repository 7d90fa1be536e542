import { count, decimal, share, shares } from "../../text/figures.js";
import type { HolderFigures } from "../figures.js";
import type { Place } from "../types.js";
import { endOf, hostAt, inStep, towards } from "./places.js";
import { fromOf, opposite } from "../points.js";
import type { TextsOf } from "./texts.js";

/** Who holds TIME_WAIT, and why. */
export const HOLDERS: TextsOf<"nothing-measured" | "holder" | "loopback-hides"> = {
  "nothing-measured": ({ sent }, at) =>
    sent === null ? "没有测到任何数据" : `没有发出任何请求${inStep(at)}，无从解释`,
  holder: holderText,
  "loopback-hides": ({ ports, recycled }) =>
    `在回环接口上，tcp_tw_reuse = 2 允许 TIME_WAIT 端口一秒后就被复用${recycled === null || recycled === 0 ? "" : `，本次发生了 ${count(recycled)} 次`}：在两台主机之间，${count(ports)} 个端口每个都要占用 60 秒`,
};

function holderText(figures: HolderFigures, at: Place): string {
  const { kind, end, created, opened, succeeded, requestsPer, refusedAt, closedFirst } = figures;
  const total = (created?.from ?? 0) + (created?.to ?? 0);
  switch (kind) {
    case "unreadable":
      return "这台机器上读不到 TIME_WAIT";
    case "resets":
      return `${ofConnections(closedFirst?.reset ?? 0)}以 RST 结束，不留下 TIME_WAIT：${count(opened)} 条连接中只有 ${count(total)} 条留下了`;
    case "reused": {
      const between = fromOf(at) === "client" ? "" : `${hostAt("from", at)}与${hostAt("to", at)}之间`;
      const where = end === null ? between : endOf(end, at);
      const entered = total === 0 ? "没有产生 TIME_WAIT" : `只产生了 ${count(total)} 个 TIME_WAIT`;
      return `${count(succeeded)} 个请求${where === "" ? "" : `在${where}`}${entered}：这是长连接，${count(opened)} 条连接平均每条承载 ${decimal(requestsPer)} 个请求`;
    }
    case "none":
      return refusedAt === null
        ? `没有连接进入 TIME_WAIT；共新建 ${count(opened)} 条连接`
        : `没有连接进入 TIME_WAIT，尽管${ofConnections(closedFirst?.[refusedAt] ?? 0)}由${hostAt(refusedAt, at)}先发 FIN`;
    case "both":
      return bothText(figures, at);
    case "one":
      return oneText(figures, at);
  }
}

function bothText({ created, closedFirst }: HolderFigures, at: Place): string {
  const [from, to] = [hostAt("from", at), hostAt("to", at)];
  const figures = `${to} ${count(created?.to ?? 0)} 个，${from} ${count(created?.from)} 个`;
  if (closedFirst === null || closedFirst.from === 0 || closedFirst.to === 0) return `TIME_WAIT 在两边都有：${figures}`;
  const [ofTo, ofFrom] = shares([closedFirst.to, closedFirst.from, closedFirst.reset]);
  return `TIME_WAIT 在两边都有（${figures}），因为双方都当过主动关闭方：${ofTo}的连接由${to}先发 FIN，${ofFrom}由${from}先发`;
}

function oneText({ end, created, closedFirst }: HolderFigures, at: Place): string {
  if (end === null) return "";
  const holds = `TIME_WAIT 在${hostAt(end, at)}${towards(end, at)}`;
  if (closedFirst !== null && closedFirst[end] >= 0.5)
    return `${holds}：它是主动关闭方，${ofConnections(closedFirst[end])}由它先发 FIN`;
  const other = opposite(end);
  return `${holds}：那里产生了 ${count(created?.[end] ?? 0)} 个，${hostAt(other, at)} ${count(created?.[other])} 个`;
}

function ofConnections(part: number): string {
  return part >= 1 ? "每条连接都" : `${share(part)}的连接`;
}
