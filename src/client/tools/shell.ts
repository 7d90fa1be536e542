import type { ToolPlan } from "./types.js";

/** A brace that might begin a place to be filled in later. */
const BRACE = /\{(?=[a-z])/gu;

/** Foreign text as one word of a shell, which reads nothing in it as its own. `{''host}` is `{host}` to it, and no place. */
export function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''").replaceAll(BRACE, "{''")}'`;
}

/** Foreign data as JSON, or JavaScript, within single quotes of a shell. */
export function jsonWithin(value: unknown): string {
  const escaped = (sign: string): string => `\\u${sign.charCodeAt(0).toString(16).padStart(4, "0")}`;
  return JSON.stringify(value).replaceAll("'", escaped).replaceAll(BRACE, escaped);
}

/** Within quotes the shell then reads nothing of it as its own; a server reads `%27` as it reads `'`. */
export function quotable(path: string): string {
  return path.replaceAll(/['"\\`$]/gu, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);
}

/** The URLs of a load, to stand within quotes: places, that are filled in with the target. */
export function urlsOf({ request }: ToolPlan): string[] {
  const others = request?.paths.slice(1) ?? [];
  return ["{url}", ...others.map((path) => `{origin}${quotable(path).replaceAll("{", "%7B")}`)];
}

/** An option for each header field, ` -H 'name: value'`, as most tools take it. */
export function headerOptions({ request }: ToolPlan, separator = ": "): string {
  const fields = Object.entries(request?.headers ?? {});
  return fields.map(([name, value]) => ` -H ${quoted(`${name}${separator}${value}`)}`).join("");
}

/** As an option's argument; nothing for the method that is taken without it, whatever else is said. */
export function methodOption({ request }: ToolPlan, option: string, without = "GET"): string {
  return request === undefined || request.method === without ? "" : ` ${option} ${request.method}`;
}

/** The options for a server with TLS whose certificate is checked, or for one with any. */
export function tlsOptions({ tls }: ToolPlan, of: Readonly<Record<"verify" | "insecure", string>>): string {
  return tls === undefined ? "" : ` ${of[tls]}`;
}

/** The options that say the body: as a text, and as a file. */
export function bodyOption({ request }: ToolPlan, asText: string, asFile: string): string {
  const body = request?.body ?? null;
  if (body === null) return "";
  return "text" in body ? ` ${asText} ${quoted(body.text)}` : ` ${asFile} ${quoted(body.file)}`;
}
