import { DEFAULTS } from "./defaults.js";
import type { LoadFile } from "./load-schema.js";
import type { BodyPlan, LoadPlan } from "./load-types.js";
import { type FieldMap, isMap } from "./maps.js";
import { eitherPlace, type Path, type Problem } from "../source/problem.js";

/** What a client writes by itself: it says where a request ends, and what becomes of the connection. */
const CLIENTS_OWN = [
  "connection",
  "keep-alive",
  "proxy-connection",
  "content-length",
  "transfer-encoding",
  "te",
  "trailer",
  "upgrade",
  "expect",
];
const WITHOUT_BODY = ["GET", "HEAD"];
/** Fields that say what a request is. */
const REQUEST_FIELDS = ["method", "headers", "body", "bodyFile", "paths"] as const;

type RequestFile = Pick<LoadFile, (typeof REQUEST_FIELDS)[number] | "path" | "success">;

/** Nothing where it says nothing but a path. @param absolute of the path of a file */
export function requestOf(
  { method, headers = {}, body, bodyFile, paths, path = DEFAULTS.load.path, success }: RequestFile,
  absolute: (file: string) => string,
): Pick<LoadPlan, "request" | "success"> {
  const sent = bodyOf(body ?? null, bodyFile ?? null, absolute);
  const fields = Object.entries(headers).filter(([, value]) => value !== null);
  const says = method !== undefined || fields.length > 0 || sent !== null || paths !== undefined;
  const request = {
    method: method ?? (sent === null ? DEFAULTS.load.method : "POST"),
    headers: Object.fromEntries(fields.map(([name, value]) => [name, String(value)])),
    body: sent,
    paths: paths ?? [path],
  };
  return { ...(says ? { request } : {}), ...(success === undefined ? {} : { success: success.map(String) }) };
}

function bodyOf(text: string | null, file: string | null, absolute: (file: string) => string): BodyPlan | null {
  if (text !== null) return { text };
  return file === null ? null : { file: absolute(file) };
}

/** What about requests can only be seen with everything that was said about the load. @param written its fields */
export function requestProblems(load: LoadPlan, written: FieldMap, variant: string): Problem[] {
  const problem = (fields: readonly [Path, ...Path[]], message: string, hint: string): Problem => {
    const [first, ...others] = fields.map((field): Path => ["load", ...field]) as [Path, ...Path[]];
    return { paths: eitherPlace(variant, first, ...others), at: "value", message, hint };
  };
  const isSaid = (field: string): boolean => (written[field] ?? null) !== null;
  const problems: Problem[] = [];
  const { client, request } = load;
  if (client === "command")
    for (const field of REQUEST_FIELDS)
      if (isSaid(field)) {
        const hint = "leave it out, and write it into the command";
        problems.push(problem([[field], ["client"]], `the command cannot be told \`${field}\``, hint));
      }
  if (client === "autocannon" && request?.method === "HEAD") {
    const message = "autocannon waits for a body after HEAD, and none comes";
    problems.push(problem([["method"], ["client"]], message, "write `client: undici`"));
  }
  if (isSaid("path") && isSaid("paths"))
    problems.push(problem([["paths"], ["path"]], "`path` and `paths` both say what is requested", "leave out `path`"));
  if (isSaid("body") && isSaid("bodyFile"))
    problems.push(
      problem([["bodyFile"], ["body"]], "`body` and `bodyFile` are both the body", "leave out one of both"),
    );
  if (request !== undefined && request.body !== null && WITHOUT_BODY.includes(request.method)) {
    const message = `a ${request.method} has no body`;
    problems.push(problem([["method"], ["body"], ["bodyFile"]], message, "write `method: POST`"));
  }
  const names = isMap(written["headers"]) ? Object.keys(written["headers"]) : [];
  for (const [nth, name] of names.entries()) {
    const lower = name.toLowerCase();
    if (CLIENTS_OWN.includes(lower)) {
      const hint = lower === "connection" ? "`load.connection` says what becomes of connections" : "leave it out";
      problems.push(problem([["headers", name]], `\`${name}\` is the client's own to write`, hint));
    }
    const before = names.slice(0, nth).find((other) => other.toLowerCase() === lower);
    if (before !== undefined) {
      const message = `\`${name}\` and \`${before}\` are the same field`;
      problems.push(problem([["headers", name]], message, "leave out one of both"));
    }
  }
  return problems;
}
