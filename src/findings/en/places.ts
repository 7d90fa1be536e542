import type { End, Ports } from "../figures.js";
import { count } from "../../text/figures.js";
import { fromOf, nameAt, toOf, isToItself } from "../points.js";
import type { Place } from "../types.js";

/** `the server`, `the NAT`, `backend`: a host by its part, or by its name. */
export function the(host: string): string {
  if (host === "nat") return "the NAT";
  return ["client", "server", "proxy"].includes(host) ? `the ${host}` : host;
}

export function upper(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}

export function inStep({ step }: Place): string {
  return step === null ? "" : ` in ${step}`;
}

/** The host at an end of the link. */
export function hostAt(end: End, at: Place): string {
  const name = the(nameAt(end, at));
  return isToItself(at) ? `${name} as the ${end === "from" ? "client" : "server"}` : name;
}

/** `the server`; of a link that is not the client's, with the other end: `the proxy towards the server`. */
export function endOf(end: End, at: Place): string {
  return hostAt(end, at) + towards(end, at);
}

export function towards(end: End, at: Place): string {
  if (fromOf(at) === "client" || isToItself(at)) return "";
  return end === "from" ? ` towards ${the(toOf(at))}` : ` from ${the(fromOf(at))}`;
}

/** `the 28,232 local ports (32768–60999)`, and of how many pairs of addresses. */
export function rangeText({ low, high, pairs, size }: Ports): string {
  return `${count(size)} local ports (${low}–${high}${pairs === 1 ? "" : `, ${count(size / pairs)} × ${pairs} pairs of addresses`})`;
}

/** The same without its bounds: `28,232 ports`, `900 ports (300 × 3 pairs of addresses)`. */
export function portsText({ pairs, size }: Ports, what = "ports"): string {
  return `${count(size)} ${what}${pairs === 1 ? "" : ` (${count(size / pairs)} × ${pairs} pairs of addresses)`}`;
}
