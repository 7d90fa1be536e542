import { count, share, span } from "../../text/figures.js";
import type { FiguresOf, Place } from "../types.js";
import { fromOf, inStep, the, toOf } from "./places.js";
import type { TextsOf } from "./texts.js";

/** What failed, or stands out. */
export const FAILURES: TextsOf<
  "requests-failed" | "ports-exhausted" | "ports-scarce" | "command-failed" | "link-churns" | "resets"
> = {
  "requests-failed": ({ failed, sent, kinds }, at) =>
    `${count(sent)} 个请求中有 ${count(failed)} 个失败${inStep(at)}：${listOf(kinds)}`,
  "ports-exhausted": (figures, at) => `端口耗尽：${portsText(figures, at)}${inStep(at)}；${whatFailed(figures)}`,
  "ports-scarce": ({ used, ports }, at) =>
    `${the(fromOf(at))}到${the(toOf(at))}的 ${count(ports)} 个本地端口已占用 ${count(used)} 个${inStep(at)}：connect() 要花更久才能找到空闲端口`,
  "command-failed": (figures, { step }) =>
    `${figures.host} 上的命令 ${step ?? ""} ${commandEnd(figures)}${lastLines(figures.output)}`,
  "link-churns": ({ opened, sent, perRequest, exact, timeWait }, at) =>
    `短连接：${count(sent)} 个请求让${the(fromOf(at))}向${the(toOf(at))}新建了${exact ? "" : "约"} ${count(opened)} 条连接${inStep(at)}（平均每个请求 ${perRequest.toFixed(2)} 条）；${keeper(timeWait, exact, at)}`,
  resets: ({ share: part, opened, deliberate }, at) =>
    `${the(fromOf(at))}到${the(toOf(at))}的 ${count(opened)} 条连接中，${share(part)}以 RST 结束${inStep(at)}${deliberate ? "：haproxy 有意这样关闭，端口立即可用" : "，不留下 TIME_WAIT"}`,
};

/** `http-500 6,208 个，ECONNRESET 12 个` */
function listOf(kinds: Readonly<Record<string, number>>): string {
  const ordered = Object.entries(kinds).toSorted(([, a], [, b]) => b - a);
  return ordered.map(([kind, failed]) => `${kind} ${count(failed)} 个`).join("，") || "原因不明";
}

function portsText({ used, ports, low, high, synRetrans }: FiguresOf["ports-exhausted"], at: Place): string {
  const range = low === null || high === null ? "" : `（${low}–${high}）`;
  const [from, to] = [the(fromOf(at)), the(toOf(at))];
  if (synRetrans !== null)
    return `NAT 的 ${count(ports ?? 0)} 个端口${range}用掉了 ${count(used)} 个，分不到端口的 SYN 被丢弃：客户端重发了 ${count(synRetrans)} 个 SYN，每次至少晚一秒`;
  if (ports === null) return `${from}没有空闲的本地端口可连${to}`;
  if (used !== null && used >= ports) return `${from}到${to}的 ${count(ports)} 个本地端口${range}全部被占用`;
  if (used !== null && used >= 0.9 * ports)
    return `读取时，${from}到${to}的 ${count(ports)} 个本地端口${range}已占用 ${count(used)} 个`;
  return `${from}到${to}的 ${count(ports)} 个本地端口${range}没有一个空闲`;
}

/** What failed for another reason than that is only told to have been at the same time. */
function whatFailed({ refused, failed, sent }: FiguresOf["ports-exhausted"]): string {
  const unopened = Object.values(refused).reduce((sum, n) => sum + n, 0);
  if (unopened > 0) return `${count(sent)} 个请求中有 ${count(unopened)} 个因此失败：${listOf(refused)}`;
  return failed > 0 ? `同一时间 ${count(sent)} 个请求中有 ${count(failed)} 个失败` : "没有请求失败";
}

function commandEnd({ exitCode, signal, timedOut, timeoutMs }: FiguresOf["command-failed"]): string {
  if (timedOut) return `运行超过 ${span(timeoutMs)}，已被终止`;
  return exitCode === null ? `被信号 ${signal ?? "（未知）"} 终止` : `退出码为 ${exitCode}`;
}

function lastLines(output: string | null): string {
  const lines = (output ?? "").split("\n").filter((line) => line.trim() !== "");
  return lines.length === 0 ? "" : `；最后的输出：${lines.join(" | ")}`;
}

function keeper({ from, to }: FiguresOf["link-churns"]["timeWait"], exact: boolean, at: Place): string {
  const kept = [
    { who: the(fromOf(at)), ends: from },
    { who: the(toOf(at)), ends: to ?? 0 },
  ].filter(({ ends }) => ends > 0);
  if (kept.length === 0) return "没有留下 TIME_WAIT";
  return kept.map(({ who, ends }) => `${who}留下${exact ? "" : "约"} ${count(ends)} 个 TIME_WAIT`).join("，");
}
