import { count } from "../../text/figures.js";
import type { End, Ports } from "../figures.js";
import { fromOf, nameAt, toOf, isToItself } from "../points.js";
import type { Place } from "../types.js";

/** `the host`: one that plays both parts. */
const PARTS: Readonly<Record<string, string>> = {
  client: "客户端",
  server: "服务端",
  proxy: "代理",
  nat: "NAT",
  "the host": "本机",
};

/** `服务端`, `backend`: a host by its part, or by its name. */
export function the(host: string): string {
  return Object.hasOwn(PARTS, host) ? PARTS[host]! : host;
}

export function inStep({ step }: Place): string {
  return step === null ? "" : `（步骤 ${step}）`;
}

/** The host at an end of the link. */
export function hostAt(end: End, at: Place): string {
  const name = the(nameAt(end, at));
  return isToItself(at) ? `${name}（作为${end === "from" ? "客户端" : "服务端"}）` : name;
}

/** `服务端`; of a link that is not the client's, with the other end: `代理（到服务端）`. */
export function endOf(end: End, at: Place): string {
  return hostAt(end, at) + towards(end, at);
}

export function towards(end: End, at: Place): string {
  if (fromOf(at) === "client" || isToItself(at)) return "";
  return end === "from" ? `（到${the(toOf(at))}）` : `（来自${the(fromOf(at))}）`;
}

/** `28,232 个本地端口（32768–60999）`, and of how many pairs of addresses. */
export function rangeText({ low, high, pairs, size }: Ports): string {
  return `${count(size)} 个本地端口（${low}–${high}${pairs === 1 ? "" : `，${count(size / pairs)} × ${pairs} 对地址`}）`;
}

/** The same without its bounds: `28,232 个端口`. */
export function portsText({ pairs, size }: Ports, what = "端口"): string {
  return `${count(size)} 个${what}${pairs === 1 ? "" : `（${count(size / pairs)} × ${pairs} 对地址）`}`;
}
