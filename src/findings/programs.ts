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

/**
 * What runs on a host of a scenario; null where its command does not name it, and where it is one of several.
 * @param place a host's name, with a port behind it where the link says so: `server:6379`
 * @param listens whether it is the one that is connected to: then without a port the first one is meant
 */
export function programOn(variant: Variant, place: string, listens = false): Program | null {
  const [, host = place, port] = /^(.*):(\d+)$/u.exec(place) ?? [];
  if (host === "proxy" && variant.lab.proxy !== undefined) return variant.lab.proxy.kind;
  const all = programsOn(variant, host);
  if (port !== undefined) return all.find((one) => one.port === Number(port))?.program ?? null;
  if (listens || all.length === 1) return all[0]?.program ?? null;
  return null;
}

interface Running {
  /** null for one that listens on none. */
  port: number | null;
  program: Program | null;
}

function programsOn({ lab, server, load }: Variant, host: string): Running[] {
  const beside = (lab.hosts?.[host]?.programs ?? []).map(({ port, command }) => ({
    port,
    program: programIn(command),
  }));
  if (host === "server" && server.kind !== "none") return [{ port: server.port, program: kindOf(server) }, ...beside];
  // The load's own client is no program, unless its library is known.
  return host === "client" && load.client === "go" ? [{ port: null, program: "go" }, ...beside] : beside;
}

function kindOf(server: Variant["server"]): Program | null {
  if (server.kind === "node" || server.kind === "go") return server.kind;
  return server.kind === "command" ? programIn(server.command) : null;
}

/** @param command for `sh -c` */
export function programIn(command: string): Program | null {
  const words = command.split(/[\s;&|()'"]+/u).map((word) => word.slice(word.lastIndexOf("/") + 1));
  return BY_WORD.find(([, pattern]) => words.some((word) => pattern.test(word)))?.[0] ?? null;
}
