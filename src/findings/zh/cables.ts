import { count, decimal, micros } from "../../text/figures.js";
import type { CableFigures } from "../figures.js";
import { the } from "./places.js";
import type { TextsOf } from "./texts.js";

export const CABLES: TextsOf<"cable"> = { cable: cableText };

function cableText(figures: CableFigures): string {
  const { from, to, both, changed, delayMs } = figures;
  const way = both ? `${the(from)}与${the(to)}之间的链路` : `${the(from)}到${the(to)}的链路`;
  const does = effects(figures);
  const said = does.length === 0 ? "只转发数据帧" : does.join("、");
  const trip = both && delayMs > 0 ? `（往返 ${decimal(2 * delayMs)} ms）` : "";
  return `${way}${changed ? "起初" : ""}${said}${trip}${outcome(figures)}`;
}

function effects({ delayMs, jitterMs, loss, duplicate, reorder, bitsPerSec }: CableFigures): string[] {
  const percent = (share: number): string => `${decimal(share * 100)}%`;
  return [
    ...(delayMs > 0
      ? [`单向延迟 ${decimal(delayMs)} ms${jitterMs > 0 ? `（抖动 ± ${decimal(jitterMs)} ms）` : ""}`]
      : []),
    ...(loss > 0 ? [`丢包率 ${percent(loss)}`] : []),
    ...(duplicate > 0 ? [`重复率 ${percent(duplicate)}`] : []),
    ...(reorder > 0 ? [`乱序率 ${percent(reorder)}`] : []),
    ...(bitsPerSec === null ? [] : [`带宽上限 ${decimal(bitsPerSec / 1e6)} Mbit/s`]),
  ];
}

function outcome({ by, frames, lost, duplicated, missed, overflowed, lateP50Us, lateP99Us }: CableFigures): string {
  if (by === null) return "";
  if (frames === 0 && (missed ?? 0) === 0) return "：没有数据帧经过";
  const who = by === "netem" ? "内核的 netem" : "bench 的转发进程";
  const twice = (duplicated ?? 0) > 0 ? `，重复 ${count(duplicated)} 个` : "";
  const full = (overflowed ?? 0) > 0 ? `，队列已满而丢弃 ${count(overflowed)} 个` : "";
  const unseen = (missed ?? 0) > 0 ? `；另有 ${count(missed)} 个因 bench 来不及接收而丢弃` : "";
  const late =
    lateP50Us === null ? "" : `；一半的帧晚发不到 ${micros(lateP50Us)}，99% 的帧晚发不到 ${micros(lateP99Us)}`;
  return `：由${who}转发 ${count(frames)} 个帧，丢失 ${count(lost)} 个${twice}${full}${unseen}${late}`;
}
