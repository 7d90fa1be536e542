import { count, decimal, micros } from "../../text/figures.js";
import type { CableFigures } from "../figures.js";
import { the } from "./places.js";
import type { TextsOf } from "./texts.js";

export const CABLES: TextsOf<"cable"> = {
  cable: (figures) => [set(figures), measured(figures)].filter(Boolean).join("。"),
};

function set(figures: CableFigures): string {
  const { from, to, both, changed } = figures;
  const way = both ? `${the(from)}与${the(to)}之间的链路` : `${the(from)}到${the(to)}的链路`;
  const settings = settingsOf(figures);
  const begun = changed ? "起初" : "";
  return settings.length === 0 ? `${way}${begun}没有设定延迟和丢包` : `${way}${begun}设定为：${settings.join("、")}`;
}

function settingsOf(figures: CableFigures): string[] {
  const { both, delayMs, jitterMs, loss, duplicate, reorder, bitsPerSec } = figures;
  const percent = (share: number): string => `${decimal(share * 100)}%`;
  const notes = [
    ...(jitterMs > 0 ? [`抖动 ± ${decimal(jitterMs)} ms`] : []),
    ...(both ? [`往返 ${decimal(2 * delayMs)} ms`] : []),
  ];
  return [
    ...(delayMs > 0 ? [`单向延迟 ${decimal(delayMs)} ms${notes.length > 0 ? `（${notes.join("，")}）` : ""}`] : []),
    ...(loss > 0 ? [`丢包率 ${percent(loss)}`] : []),
    ...(duplicate > 0 ? [`重复率 ${percent(duplicate)}`] : []),
    ...(reorder > 0 ? [`乱序率 ${percent(reorder)}`] : []),
    ...(bitsPerSec === null ? [] : [`带宽上限 ${decimal(bitsPerSec / 1e6)} Mbit/s`]),
  ];
}

function measured(figures: CableFigures): string {
  const { by, frames, lost, duplicated, missed, overflowed, lateP50Us, lateP99Us } = figures;
  if (by === null) return "";
  const who = by === "netem" ? "内核的 netem" : "bench 的转发进程";
  const some = (figure: number | null, said: (figure: number) => string): string[] =>
    figure === null || figure === 0 ? [] : [said(figure)];
  const outcomes = [
    `丢失 ${count(lost)} 个`,
    ...some(duplicated, (figure) => `重复 ${count(figure)} 个`),
    ...some(overflowed, (figure) => `因队列已满丢弃 ${count(figure)} 个`),
  ];
  return [
    frames === 0 ? `${who}没有收到数据帧` : `${who}实测 ${count(frames)} 个数据帧，其中${outcomes.join("，")}`,
    ...some(missed, (figure) => `这些主机发出的另外 ${count(figure)} 个帧因来不及读取而丢弃`),
    ...some(lateP50Us, (half) => `一半的帧比预定时刻晚不到 ${micros(half)}，99% 的帧晚不到 ${micros(lateP99Us)}`),
  ].join("；");
}
