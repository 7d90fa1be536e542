import { count, decimal, span } from "../../text/figures.js";
import type { CauseFigures, Spread, StaleFigures } from "../figures.js";
import type { Place } from "../types.js";
import { hostAt, inStep, the } from "./places.js";
import { answeredAt, fromOf, type Idle, idleOf, opposite, staleOf, toOf } from "../points.js";
import type { TextsOf } from "./texts.js";

/** Why connections ended, and what met their end. */
export const ENDS: TextsOf<"closer-cause" | "stale-connection" | "hidden-retries"> = {
  "closer-cause": causeText,
  "stale-connection": staleText,
  "hidden-retries": ({ repeated, sent }, at) =>
    `${the(fromOf(at))}的库自行重发了 ${count(sent)} 个请求中的 ${count(repeated)} 个${inStep(at)}：调用者看不到任何失败`,
};

function causeText(figures: CauseFigures, at: Place): string {
  const { end, cause, requests, idleMs, planned } = figures;
  const who = hostAt(end, at);
  const other = hostAt(opposite(end), at);
  const some = ofEnded(figures);
  switch (cause) {
    case "asked":
      return planned === null || planned === 1
        ? "每个请求都带 Connection: close"
        : `每条连接的第 ${count(planned)} 个请求带 Connection: close`;
    case "planned":
    case "client-limit":
      return planned === null || planned === 1
        ? `场景${end === "from" ? `要求${who}关闭连接` : `把关闭连接交给${who}`}`
        : `场景要求${who}在 ${count(planned)} 个请求之后关闭连接`;
    case "not-as-planned":
      return `场景把关闭连接交给${other}，实际关闭的却是${who}`;
    case "answer":
      return answerText(figures, who) + inStep(at);
    case "idle":
    case "client-idle": {
      const library = cause === "idle" ? who : `${who}的库`;
      const after = requests === null ? "" : `，此前承载了 ${valueText(requests, decimal)} 个请求`;
      return idleMs === null
        ? `${library}关闭了空闲的 ${some}${after}${inStep(at)}`
        : `${library}会关闭空闲 ${idleText(idleOf(idleMs))}的连接：共 ${some}${after}${inStep(at)}`;
    }
    case "mid-request":
      return `${who}在请求还没得到应答时关闭了 ${some}${inStep(at)}`;
    case "timeout":
      return `${count(figures.count ?? 0)} 个请求超时（ETIMEDOUT），${who}随即关闭其连接`;
    case "malformed":
      return `${who}放弃了 ${some}，因为收到的不是 HTTP${inStep(at)}`;
    case "error":
      return `${some}上有系统调用失败${inStep(at)}`;
    case "body-unread":
      return `${who}没有读完响应体就关闭了它，连接也随之关闭`;
    case "idle-pool":
      return `${who}关闭连接，是因为它的连接池只保留 ${planned === null ? "少量" : `${count(planned)} 条`}空闲连接`;
    case "unknown":
      return figures.count === null ? `从测量结果看不出${who}为什么先关闭` : `从测量结果看不出 ${some}为什么结束`;
  }
}

/** The answer said that the connection ends, and no request had asked for that. */
function answerText(figures: CauseFigures, who: string): string {
  const { requests } = figures;
  const after = answeredAt(figures);
  if (after === "each") return `${who}拒绝长连接：对每个请求都应答 Connection: close`;
  if (after !== null) return `${who}在 ${count(after)} 个请求之后关闭连接：最后一个应答带 Connection: close`;
  const carried = requests === null ? "" : `，此前承载了 ${valueText(requests, decimal)} 个请求`;
  return `没有请求要求关闭，${who}却在 ${ofEnded(figures)}上应答了 Connection: close${carried}`;
}

/** `105 条连接`, `30 条已结束连接中的 12 条`: of those that ended before the load did. */
function ofEnded({ count: counted, of }: CauseFigures): string {
  if (counted === null) return "若干连接";
  return of === null || counted === of
    ? `${count(counted)} 条连接`
    : `${count(of)} 条已结束连接中的 ${count(counted)} 条`;
}

/** `20`, `3 到 40` */
function valueText({ min, max }: Spread, text: (value: number) => string): string {
  return min === max ? text(max) : `${decimal(min)} 到 ${text(max)}`;
}

function idleText(idle: Idle): string {
  return idle.kind === "about" ? span(idle.ms) : `${span(idle.low)} 到 ${span(idle.high)}`;
}

function staleText({ stale, sent, idleMs }: StaleFigures, at: Place): string {
  const known = staleOf(idleMs);
  const idle =
    known === null
      ? ""
      : known.kind === "at-once"
        ? `（上一个应答之后 ${span(known.ms)}内就发出了下一个请求）`
        : `（已空闲 ${idleText(known)}）`;
  return `${count(sent)} 个请求中有 ${count(stale)} 个失败，因为${the(toOf(at))}刚好关闭了所用的长连接${idle}${inStep(at)}`;
}
