import type { ServerPlan, Topology } from "./lab-types.js";
import type { ClientKind, LoadPlan } from "./load-types.js";
import { eitherPlace, type Path, type Problem } from "../source/problem.js";

/** Those of ours that speak plain HTTP alone. */
const PLAIN_CLIENTS: readonly ClientKind[] = ["epoll", "autocannon"];
/** Those that get the lab's certificate. */
const TLS_SERVERS: readonly ServerPlan["kind"][] = ["node", "go", "command", "external"];

type Problems = (fields: readonly [Path, ...Path[]], message: string, hint: string) => Problem;

const problemIn =
  (variant: string): Problems =>
  (fields, message, hint) => ({
    paths: eitherPlace(variant, ...(fields as [Path, ...Path[]])),
    at: "value",
    message,
    hint,
  });

/** What about TLS can be seen of a load by itself. */
export function tlsProblems({ client, tls }: LoadPlan, variant: string): Problem[] {
  if (tls === undefined || !PLAIN_CLIENTS.includes(client)) return [];
  const message = `${client} speaks no TLS`;
  return [
    problemIn(variant)(
      [
        ["load", "client"],
        ["load", "tls"],
      ],
      message,
      "write `client: undici`, or `client: go`",
    ),
  ];
}

/** What about TLS can be seen of the loads of a variant and of whom they go to. */
export function tlsServerProblems(
  loads: readonly LoadPlan[],
  server: ServerPlan,
  topology: Topology,
  variant: string,
): Problem[] {
  const problem = problemIn(variant);
  const secure = loads.filter(({ tls }) => tls !== undefined);
  const isHttps = server.kind === "external" && server.https === true;
  if (isHttps && secure.length < loads.length) {
    const hint = "write `load: { tls: insecure }`";
    return [
      problem(
        [
          ["server", "url"],
          ["load", "tls"],
        ],
        "the server speaks TLS, and the load does not",
        hint,
      ),
    ];
  }
  if (secure.length === 0) return [];
  const problems: Problem[] = [];
  const { kind } = server;
  if (!TLS_SERVERS.includes(kind)) {
    const hint = "write `kind: node`, `kind: go`, or a command with {certificate} and {key}";
    problems.push(
      problem(
        [
          ["server", "kind"],
          ["load", "tls"],
        ],
        `a server of kind ${kind} speaks no TLS`,
        hint,
      ),
    );
  }
  if (topology === "proxy") {
    const message = "the proxy of this topology speaks no TLS";
    problems.push(
      problem(
        [
          ["lab", "topology"],
          ["load", "tls"],
        ],
        message,
        "write `topology: hosts`, with a proxy as a program",
      ),
    );
  }
  if (secure.length < loads.length && (kind === "node" || kind === "go")) {
    const message = "one load speaks TLS and another does not, and the server speaks one of both";
    problems.push(problem([["load", "tls"]], message, "write the same for all of them"));
  }
  if (kind === "external" && !isHttps)
    problems.push(
      problem(
        [
          ["server", "url"],
          ["load", "tls"],
        ],
        "the server is called by http://",
        "write https://",
      ),
    );
  if (kind === "external" && secure.some(({ tls }) => tls === "verify")) {
    const message = "the certificate of a server that runs already is not the lab's";
    problems.push(problem([["load", "tls"]], message, "write `tls: insecure`"));
  }
  return problems;
}
