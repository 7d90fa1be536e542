import { count, decimal, span } from "../text/figures.js";
import { failure } from "../words/failures.js";
import { term } from "../words/say.js";
import { restated } from "../words/stored.js";
import type { FiguresOf, WarningCode } from "./table.js";

const LOOPBACK = "客户端和服务端共用本机的回环接口、内核设置，也和本机其他流量混在一起，结果不能与隔离运行的结果相比";

/** In Chinese (simplified). */
export const ZH: { readonly [Code in WarningCode]: (figures: FiguresOf<Code>) => string } = {
  "no-isolation": ({ why, lack }) => {
    if (why === null) return LOOPBACK;
    return `没有隔离：${failure({ code: lack ?? "", message: why })}；${LOOPBACK}`;
  },
  "sysctls-not-applied": ({ settings }) =>
    `没有隔离，场景要求的 sysctl 没有设置：${settings.split("; ").map(restated).join("；")}`,
  "counted-by-client": () =>
    "没有隔离，内核计数器也包含其他程序的连接：TIME_WAIT 的产生数以客户端对自己连接的观察为准，存量是本次运行所用端口上的连接",
  "sides-by-client": () =>
    "客户端和服务端在同一台主机上：TIME_WAIT 的产生数来自内核计数，再按客户端看到的主动关闭方分给两边",
  "counter-not-calibrated": () =>
    "本机内核的 TcpExt:TW 不统计进入 TIME_WAIT 的连接（Linux 从 5.18 起才统计）：产生数以客户端的观察为准",
  "half-closed": ({ role }) =>
    `${term(role)}上有许多连接停在 FIN_WAIT2，等待迟到或永远不来的 FIN；内核的存量读数也包含它们，因此存量改用读取较少的状态表`,
  "program-unreadable": ({ what }) => `${restated(what)}：缺少它自己报告的数据`,
  "time-wait-before": ({ sockets, ofWarmUp }) =>
    `负载开始之前，服务端端口上已有 ${count(sockets)} 条连接处于 TIME_WAIT，存量里也包含它们。${ofWarmUp ? "它们是预热留下的，本机内核无法清除" : "两次运行之间请等 60 秒"}`,
  "sampler-late": ({ host, missed, planned, latestMs }) =>
    `${restated(host)}上的采样漏掉了 ${count(planned)} 次读数中的 ${count(missed)} 次（最多迟到 ${span(latestMs)}）：真实峰值可能更高`,
  "sampler-fault": ({ failed, first }) => `有 ${count(failed)} 次读数失败，第一次的错误是：${first}`,
  "client-cpu-bound": ({ client, cores, threads }) =>
    `客户端（${client}）占用了 ${threads === 1 ? "1 个核" : `${threads} 个核`}中的 ${cores.toFixed(2)} 个：速率和延迟反映的可能是客户端的极限，而不是服务端的`,
  "rate-not-kept": ({ sentPerSec, due, unsent, connections }) =>
    `应发的 ${count(due)} 个请求中有 ${count(unsent)} 个没有发出，因为 ${count(connections)} 条连接都在忙；实际每秒发出 ${decimal(sentPerSec)} 个。其余请求本应等待的时间没有计入任何延迟`,
  "books-unbalanced": ({ line, left, leftCount, right, rightCount, reason }) =>
    `${restated(line)}：${restated(left)} ${count(leftCount)}，${restated(right)} ${count(rightCount)}（${restated(reason)}）`,
};
