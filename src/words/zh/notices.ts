import type { NOTICES as EN } from "../en/notices.js";

export const NOTICES: Readonly<Record<keyof typeof EN, string>> = {
  "ports-half": "{from}通往{to}的 {ports} 个本地端口已用掉 {used} 个",
  "no-port": "首次出现 EADDRNOTAVAIL：{from}没有通往{to}的空闲本地端口可用，影响 {requests}",
  failed: "开始有请求失败：已结束的 {ended} 个请求中失败 {failed} 个",
  "bucket-limit":
    "达到上限：{host}有 {held} 条连接处于 TIME_WAIT，而 net.ipv4.tcp_max_tw_buckets 只允许 {limit} 条；超出的连接会跳过 TIME_WAIT",
  "client-gathers": "TIME_WAIT 正在客户端堆积：客户端是主动关闭方",
  "server-gathers": "TIME_WAIT 正在服务端堆积：服务端是主动关闭方",
};
