import { isIPv6 } from "node:net";
import type { LoadTarget } from "./types.js";

/** `http://host:port`, with the brackets that an IPv6 address needs (RFC 3986 section 3.2.2). */
export function originOf({ host, port, tls }: LoadTarget): string {
  return `${tls === undefined ? "http" : "https"}://${isIPv6(host) ? `[${host}]` : host}:${port}`;
}
