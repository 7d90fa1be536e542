import { timingSafeEqual } from "node:crypto";
import type { IncomingMessage } from "node:http";

/**
 * What is asked for: the page, its stream, something to be done, to be shown in; or the status of a refusal, of which nothing
 * more is said.
 */
export type Asked = "page" | "stream" | "do" | "ticket" | 403 | 404 | 405;

/** What lets in. */
export interface Keys {
  token: string;
  /** Shows one in to the page, whose token it is not; null where it was used, or is not there. */
  ticket: string | null;
  port: number;
}

/** `s`, or with the number of the last message that a page has: `s?12` */
const STREAM = /^s(?:\?\d{1,15})?$/u;

/**
 * Who may see the runs: whoever knows the token, at the address that was told, from a page of ours or from none. A name that
 * a stranger's page resolves to this machine is another Host (DNS rebinding), and a browser says where a request comes from
 * (Fetch Metadata). Of a wrong token no more is said than of a path that there is not.
 */
export function askedBy(
  { method, url = "", headers }: Pick<IncomingMessage, "method" | "url" | "headers">,
  { token, ticket, port }: Keys,
): Asked {
  const hosts = [`127.0.0.1:${port}`, `localhost:${port}`];
  const { host, origin } = headers;
  if (host === undefined || !hosts.includes(host)) return 403;
  if (origin !== undefined && !hosts.some((name) => origin === `http://${name}`)) return 403;
  const site = headers["sec-fetch-site"];
  // `none`: typed, or opened by a program. What came from another port of this machine is `same-site`.
  if (site !== undefined && site !== "same-origin" && site !== "none") return 403;
  if (method !== "GET" && method !== "HEAD" && method !== "POST") return 405;
  const [, given = "", name, ...more] = url.split("/");
  if (ticket !== null && name === undefined && isSame(given, ticket)) return method === "GET" ? "ticket" : 405;
  if (!isSame(given, token) || more.length > 0) return 404;
  if (name === "do") {
    if (method !== "POST") return 405;
    // A browser names the page that a POST comes from; without that name it may come from any.
    return origin === undefined ? 403 : "do";
  }
  if (method === "POST") return 405;
  return name === "" ? "page" : STREAM.test(name ?? "") ? "stream" : 404;
}

function isSame(given: string, token: string): boolean {
  const [left, right] = [Buffer.from(given), Buffer.from(token)];
  return left.length === right.length && timingSafeEqual(left, right);
}
