import type { Variant } from "../scenario/types.js";

/** Programs of which it is known how connections are kept. */
export type Program = "nginx" | "haproxy" | "gunicorn" | "node" | "go" | "php" | "python" | "redis";

/** By the words of a command, the more special ones first: `python3 -m gunicorn` is gunicorn. */
const BY_WORD: readonly [Program, RegExp][] = [
  ["nginx", /^(?:nginx|openresty)$/u],
  ["haproxy", /^haproxy$/u],
  ["gunicorn", /^gunicorn3?$/u],
  ["redis", /^(?:redis-server|valkey-server)$/u],
  ["php", /^php(?:-fpm)?[\d.]*$/u],
  ["node", /^(?:node|nodejs|npx|npm)$/u],
  ["go", /^go$/u],
  ["python", /^(?:python[\d.]*|uvicorn|flask)$/u],
];

/** What runs on a host of a scenario; null where its command does not name it. */
export function programOn({ lab, server, load }: Variant, host: string): Program | null {
  if (host === "proxy" && lab.proxy !== undefined) return lab.proxy.kind;
  const beside = lab.hosts?.[host]?.program ?? null;
  if (beside !== null) return programIn(beside.command);
  if (host === "client") return load.client === "go" ? "go" : null;
  if (host !== "server") return null;
  if (server.kind === "node" || server.kind === "go") return server.kind;
  return server.kind === "command" ? programIn(server.command) : null;
}

/** @param command for `sh -c` */
export function programIn(command: string): Program | null {
  const words = command.split(/[\s;&|()'"]+/u).map((word) => word.slice(word.lastIndexOf("/") + 1));
  return BY_WORD.find(([, pattern]) => words.some((word) => pattern.test(word)))?.[0] ?? null;
}
