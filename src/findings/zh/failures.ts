import { count, micros, share, span } from "../../text/figures.js";
import type { FiguresOf, Place } from "../types.js";
import { hostAt, inStep, the } from "./places.js";
import { byNumber, exhaustedOf, fromOf, inOneLine, keepers, toOf, unopened } from "../points.js";
import type { TextsOf } from "./texts.js";

/** What failed, or stands out. */
export const FAILURES: TextsOf<
  | "requests-failed"
  | "ports-exhausted"
  | "ports-scarce"
  | "command-failed"
  | "program-connections"
  | "link-churns"
  | "resets"
> = {
  "requests-failed": ({ failed, sent, kinds }, at) =>
    `${count(sent)} 个请求中有 ${count(failed)} 个失败${inStep(at)}：${listOf(kinds)}`,
  "ports-exhausted": (figures, at) => `端口耗尽：${portsText(figures, at)}${inStep(at)}；${whatFailed(figures)}`,
  "ports-scarce": ({ used, ports }, at) =>
    `${the(fromOf(at))}到${the(toOf(at))}的 ${count(ports)} 个本地端口已占用 ${count(used)} 个${inStep(at)}：connect() 要花更久才能找到空闲端口`,
  "command-failed": (figures, { step }) =>
    `${the(figures.host)}上的命令 ${step ?? ""} ${commandEnd(figures)}${lastLines(figures.output)}`,
  "program-connections": ({ program, opened, sent, closedFirst, says }, at) =>
    `${program === null ? the(fromOf(at)) : program === "your program" ? "您的程序" : program} 建立了 ${count(opened)} 条连接${sent === null ? "" : `，服务端收到 ${count(sent)} 个请求`}${inStep(at)}${whoClosed(closedFirst, at)}${ownWords(says, program)}`,
  "link-churns": ({ opened, sent, perRequest, exact, timeWait }, at) =>
    `短连接：${count(sent)} 个请求让${the(fromOf(at))}向${the(toOf(at))}新建了${exact ? "" : "约"} ${count(opened)} 条连接${inStep(at)}（平均每个请求 ${perRequest.toFixed(2)} 条）；${keeper(timeWait, exact, at)}`,
  resets: ({ share: part, opened, deliberate, tls }, at) =>
    `${the(fromOf(at))}到${the(toOf(at))}的 ${count(opened)} 条连接中，${share(part)}以 RST 结束${inStep(at)}${deliberate ? "：haproxy 有意这样关闭，端口立即可用" : `，不留下 TIME_WAIT${tls ? "：TLS 下，先关闭的一端会收到对端的 close_notify，并以 RST 回应" : ""}`}`,
};

/** `http-500 6,208 个，ECONNRESET 12 个` */
function listOf(kinds: Readonly<Record<string, number>>): string {
  return (
    byNumber(kinds)
      .map(([kind, failed]) => `${kind} ${count(failed)} 个`)
      .join("，") || "原因不明"
  );
}

function portsText(figures: FiguresOf["ports-exhausted"], at: Place): string {
  const { used, ports, low, high, synRetrans } = figures;
  const range = low === null || high === null ? "" : `（${low}–${high}）`;
  const [from, to] = [the(fromOf(at)), the(toOf(at))];
  switch (exhaustedOf(figures)) {
    case "nat":
      return `NAT 的 ${count(ports ?? 0)} 个端口${range}用掉了 ${count(used)} 个，分不到端口的 SYN 被丢弃：客户端重发了 ${count(synRetrans ?? 0)} 个 SYN，每次至少晚一秒`;
    case "unknown":
      return `${from}没有空闲的本地端口可连${to}`;
    case "all":
      return `${from}到${to}的 ${count(ports)} 个本地端口${range}全部被占用`;
    case "nearly":
      return `读取时，${from}到${to}的 ${count(ports)} 个本地端口${range}已占用 ${count(used)} 个`;
    case "none-free":
      return `${from}到${to}的 ${count(ports)} 个本地端口${range}没有一个空闲`;
  }
}

/** What failed for another reason than that is only told to have been at the same time. */
function whatFailed(figures: FiguresOf["ports-exhausted"]): string {
  const { refused, failed, sent } = figures;
  const forIt = unopened(figures);
  if (failed === null || sent === null) return "程序的请求有多少失败，只有它自己知道";
  if (forIt > 0) return `${count(sent)} 个请求中有 ${count(forIt)} 个因此失败：${listOf(refused)}`;
  return failed > 0 ? `同一时间 ${count(sent)} 个请求中有 ${count(failed)} 个失败` : "没有请求失败";
}

function commandEnd({ exitCode, signal, timedOut, timeoutMs }: FiguresOf["command-failed"]): string {
  if (timedOut) return `运行超过 ${span(timeoutMs)}，已被终止`;
  return exitCode === null ? `被信号 ${signal ?? "（未知）"} 终止` : `退出码为 ${exitCode}`;
}

function lastLines(output: string | null): string {
  const said = inOneLine(output);
  return said === "" ? "" : `；最后的输出：${said}`;
}

function keeper(timeWait: FiguresOf["link-churns"]["timeWait"], exact: boolean, at: Place): string {
  const kept = keepers(timeWait, at);
  if (kept.length === 0) return "没有留下 TIME_WAIT";
  return kept.map(({ host, ends }) => `${the(host)}留下${exact ? "" : "约"} ${count(ends)} 个 TIME_WAIT`).join("，");
}

function ownWords(
  says: FiguresOf["program-connections"]["says"],
  program: FiguresOf["program-connections"]["program"],
): string {
  if (says === null) return "";
  const { requests, failed, perSec, latencyUs } = says;
  const parts = [
    ...(requests === null ? [] : [`${count(requests)} 个请求`]),
    ...(failed === null ? [] : [`失败 ${count(failed)} 个`]),
    ...(perSec === null ? [] : [`每秒 ${count(Math.round(perSec))} 个`]),
    ...(typeof latencyUs?.p99 === "number" ? [`p99 ${micros(latencyUs.p99)}`] : []),
  ];
  return parts.length === 0 ? "" : `；${program === null ? "压测工具" : "它"}自己的说法：${parts.join("，")}`;
}

function whoClosed(closedFirst: FiguresOf["program-connections"]["closedFirst"], at: Place): string {
  if (closedFirst === null) return "";
  const { from, to, reset } = closedFirst;
  if (from === 1) return "，全部由它先关闭";
  if (to === 1) return `，全部由${hostAt("to", at)}先关闭`;
  if (reset === 1) return "，全部以 RST 结束";
  return `，其中 ${share(from)} 由它先关闭${reset > 0 ? `，${share(reset)} 以 RST 结束` : ""}`;
}
