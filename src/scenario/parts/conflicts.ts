import { type LabPlan, ROLES, type Topology } from "./lab-types.js";
import type { LoadPlan } from "./load-types.js";
import { type FieldMap, isMap } from "./maps.js";
import { eitherPlace, type Path, type Problem } from "../source/problem.js";

/** Fields that are right each by itself and cannot stand together. */

export function loadProblems(load: LoadPlan, variant: string): Problem[] {
  const problems: Problem[] = [];
  const { client, connection, requestsPerConnection, closer } = load;
  const report = (fields: readonly [string, ...string[]], message: string, hint: string) => {
    const [first, ...others] = fields.map((field): Path => ["load", field]);
    if (first) problems.push({ paths: eitherPlace(variant, first, ...others), at: "value", message, hint });
  };
  if (connection === "close" && requestsPerConnection !== 1) {
    const message = `\`connection: close\` ends each connection after one request, not after ${requestsPerConnection}`;
    report(["requestsPerConnection", "connection"], message, "write `connection: keep-alive`");
  }
  if (client === "autocannon" && connection === "keep-alive" && requestsPerConnection !== null) {
    const message = "autocannon cannot close a connection after a number of requests";
    report(["requestsPerConnection", "client", "connection"], message, "write `client: undici`");
  }
  if (client === "autocannon" && connection === "close" && closer === "client") {
    report(["closer", "client", "connection"], "autocannon leaves closing to the server", "write `client: undici`");
  }
  if (client === "go" && connection === "keep-alive" && requestsPerConnection !== null) {
    const message = "go cannot close a connection after a number of requests: its connections are a pool's";
    report(["requestsPerConnection", "client", "connection"], message, "write `client: undici`");
  }
  return problems;
}

/** What is Go's own. */
const GO_FIELDS = ["drain", "idleConnections"] as const;

/** @param written the load's fields */
export function goProblems(written: FieldMap, load: LoadPlan, variant: string): Problem[] {
  if (load.client === "go") return [];
  return GO_FIELDS.filter((field) => Object.hasOwn(written, field)).map((field) => ({
    paths: eitherPlace(variant, ["load", field], ["load", "client"]),
    at: "value",
    message: `${load.client} cannot be told \`${field}\``,
    hint: "write `client: go`",
  }));
}

/** What only a client can do that calls the kernel itself. */
const SOCKET_FIELDS = ["threads", "linger", "bind", "localPorts", "reuseAddress"] as const;

/** @param written the load's fields */
export function socketProblems(written: FieldMap, load: LoadPlan, lab: LabPlan, variant: string): Problem[] {
  if (load.client === "epoll") return [];
  const hint = "write `client: epoll`";
  const problem = (path: Path, message: string): Problem => ({
    paths: eitherPlace(variant, path, ["load", "client"]),
    at: "value",
    message,
    hint,
  });
  return [
    ...SOCKET_FIELDS.filter((field) => Object.hasOwn(written, field)).map((field) =>
      problem(["load", field], `${load.client} cannot be told \`${field}\``),
    ),
    ...(load.closer === "reset"
      ? [problem(["load", "closer"], `${load.client} cannot end its connections by a reset`)]
      : []),
    ...ROLES.filter((role) => lab.addresses[role] > 1).map((role) =>
      problem(["lab", "addresses", role], `${load.client} takes one address of each host`),
    ),
  ];
}

/** On loopback one host plays both roles, and a sysctl has one value. */
export function sysctlProblems(lab: FieldMap, topology: Topology, variant: string): Problem[] {
  const sysctl = isMap(lab["sysctl"]) ? lab["sysctl"] : {};
  const { client, server } = { client: sysctl["client"], server: sysctl["server"] };
  if (topology !== "loopback" || !isMap(client) || !isMap(server)) return [];
  return Object.keys(server)
    .filter((key) => Object.hasOwn(client, key) && String(client[key]) !== String(server[key]))
    .map((key) => ({
      paths: eitherPlace(
        variant,
        ["lab", "sysctl", "server", key],
        ["lab", "sysctl", "client", key],
        ["lab", "topology"],
      ),
      at: "value",
      message: `\`${key}\` has another value for the client, and on loopback one host plays both`,
      hint: "give both the same value, or write `topology: two-hosts`",
    }));
}
