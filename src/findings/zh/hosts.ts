import { count } from "../../text/figures.js";
import type { FiguresOf } from "../figures.js";
import { the } from "./places.js";
import type { TextsOf } from "./texts.js";

/** What concerns a host, whatever its links. */
export const HOSTS: TextsOf<"listen-overflow" | "buckets-overflow" | "conntrack-full" | "tracked" | "beside"> = {
  "listen-overflow": ({ host, overflows, drops }) =>
    overflows > 0
      ? `${the(host)}的全连接队列（accept queue）满了 ${count(overflows)} 次：客户端只能重试，每次至少晚一秒`
      : `${the(host)}在监听端口上丢弃了 ${count(drops)} 次连接请求`,
  "buckets-overflow": bucketsText,
  "conntrack-full": ({ host, tracked, room }) =>
    `${the(host)}的 netfilter 同时跟踪了 ${count(tracked)} 条连接，上限 ${count(room)}（nf_conntrack_max）：超出的新连接会被丢弃`,
  tracked: ({ host, tracked, before, inTimeWait, seconds }) => {
    const left = before === 0 ? "" : `（其中 ${count(before)} 条是压测之前的）`;
    const staying = seconds === null ? "" : `，每条保留 ${seconds} 秒（nf_conntrack_tcp_timeout_time_wait）`;
    const waiting = inTimeWait === null ? "" : `，其中最多 ${count(inTimeWait)} 条处于 TIME_WAIT${staying}`;
    return `${the(host)}的 netfilter 最多同时跟踪 ${count(tracked)} 条连接${left}${waiting}`;
  },
  beside: ({ peaks }) =>
    `其他主机的 TIME_WAIT 峰值：${Object.entries(peaks)
      .map(([name, peak]) => `${the(name)} ${count(peak)}`)
      .join("，")}`,
};

function bucketsText({ host, refused, limit, peak }: FiguresOf["buckets-overflow"]): string {
  const name = "net.ipv4.tcp_max_tw_buckets";
  if (limit === 0)
    return `${name} = 0 关掉了${the(host)}的 TIME_WAIT：${count(refused)} 条连接跳过了它（TCPTimeWaitOverflow）`;
  if (limit === null)
    return `${the(host)}的 ${name} 让 ${count(refused)} 条连接跳过了 TIME_WAIT（TCPTimeWaitOverflow）`;
  const capped = peak === null ? "限制了 TIME_WAIT 的数量" : `把 TIME_WAIT 限制在 ${count(peak)} 个`;
  return `${the(host)}的 ${name} = ${count(limit)} ${capped}：另有 ${count(refused)} 条连接跳过了它（TCPTimeWaitOverflow）`;
}
