import { count, decimal, share, span } from "../text/figures.js";
import type { DifferenceFigures, DifferenceTexts } from "./types.js";

/** Chinese (simplified). */
export const ZH: DifferenceTexts = {
  "no-summary": ({ exitCode, lastLine }, program) =>
    `${program} 没有输出可以读取的汇总${exitCode === null ? "" : `，退出码为 ${exitCode}`}${lastLine === null ? "" : `；最后一行输出：${lastLine}`}`,
  "sent-no-longer": ({ seconds, lastMs }, program) =>
    `${program} 应发送 ${span(seconds * 1000)}；服务端在 ${span(lastMs)}时收到最后一个请求`,
  "did-not-end": ({ afterMs }, program) => `${program} 应在 ${span(afterMs)}后结束，却没有结束：由外部终止`,
  "requests-untold": ({ told, served }, program) =>
    `${program} 说发了 ${count(told)} 个请求；服务端收到 ${count(served)} 个，多出 ${count(served - told)} 个`,
  "requests-unserved": ({ told, served }, program) =>
    `${program} 说发了 ${count(told)} 个请求，其中 ${count(served)} 个到达服务端`,
  "failures-other": ({ fault, faults, failed }, program) =>
    `服务端${spoiled(fault, faults)}；${program} 说失败 ${count(failed)} 个`,
  "failures-overtold": ({ failed, served }, program) =>
    `${program} 说失败 ${count(failed)} 个；服务端收到的 ${count(served)} 个请求全部得到了应答`,
  "ports-held": ({ ports, failed, served }, program) =>
    `${count(served)} 个请求之后，${count(ports)} 个本地端口全部被占用；${failed === null ? `有多少请求因此失败，只有 ${program} 自己知道` : `${program} 说失败 ${count(failed)} 个`}，内核不统计这一项`,
  "connections-more": ({ asked, opened }, program) =>
    `${program} 应保持 ${count(asked)} 条连接，实际建立了 ${count(opened)} 条`,
  "connections-other": ({ told, opened }, program) =>
    `${program} 说建立了 ${count(told)} 条连接；内核统计为 ${count(opened)} 条`,
  "connections-unused": ({ accepted, served }) =>
    `${count(accepted)} 条连接承载了 ${count(served)} 个请求：至少有 ${count(accepted - served)} 条没有承载任何请求`,
  "close-not-done": ({ opened, served }, program) =>
    `${program} 应为每个请求新建一条连接，实际用 ${count(opened)} 条连接发了 ${count(served)} 个请求`,
  resets: ({ share: part, opened, clientRsts, serverRsts }) =>
    `${count(opened)} 条连接中，${share(part)}以 RST 结束，不留下 TIME_WAIT：客户端发出 ${count(clientRsts)} 个 RST，服务端发出 ${count(serverRsts)} 个`,
  "rate-over-silence": ({ perSec, seconds, lastMs, idle }, program) =>
    `${program} 说在 ${span(seconds * 1000)}内每秒 ${decimal(perSec)} 个请求；服务端在 ${span(lastMs)}时收到最后一个${idle ? "，此后客户端再没有打开的连接" : ""}`,
  "rate-counts-failures": ({ perSec, failed, succeededPerSec }, program) =>
    `${program} 说的每秒 ${decimal(perSec)} 个请求，包括它说失败的 ${count(failed)} 个：成功的每秒 ${decimal(succeededPerSec)} 个`,
  "rate-other": ({ perSec, seconds, served }, program) =>
    `${program} 说在 ${span(seconds * 1000)}内每秒 ${decimal(perSec)} 个请求，合计 ${count(Math.round(perSec * seconds))} 个；服务端收到 ${count(served)} 个`,
  "rate-not-kept": ({ asked, served, perSec }, program) =>
    `${program} 应每秒发 ${decimal(asked)} 个请求；服务端收到 ${count(served)} 个，即每秒 ${decimal(perSec)} 个`,
  "exit-zero": ({ failed, requests, by }, program) =>
    by === "program"
      ? `${program} 的退出码为 0，但它说有 ${count(failed)} 个请求失败`
      : `${program} 的退出码为 0，但 ${count(requests)} 个请求中有 ${count(failed)} 个没有得到正常应答`,
};

function spoiled(fault: DifferenceFigures["failures-other"]["fault"], faults: number): string {
  switch (fault) {
    case "resets":
      return `重置了 ${count(faults)} 条连接而没有应答`;
    case "stalls":
      return `始终没有应答 ${count(faults)} 个请求`;
    default:
      return `以状态码 500 应答了 ${count(faults)} 个请求`;
  }
}
