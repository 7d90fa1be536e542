import { execFileSync } from "node:child_process";
import { cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import {
  GTHREAD,
  gunicorn,
  haproxy,
  KEPT_BY_NGINX,
  nginx,
  nodeService,
  redis,
  redisService,
  WITH_BACKEND,
} from "../support/real-services.js";
import { type Judged, judgedBy, ROOT } from "./bench.js";
import { table } from "./tables.js";

/** Real services, each compared with itself under several loads: whatever is told worse or better is a false alarm. */

interface Pair {
  service: string;
  command: string;
  lab: Record<string, unknown>;
  load: Record<string, unknown>;
}

export interface ToldOfPair {
  service: string;
  load: string;
  summary: string;
  /** Metrics that were told worse or better, and why, by tier. */
  structural: string[];
  timing: string[];
  loadAverage: number;
}

const TWO_HOSTS = { topology: "two-hosts" };
const BESIDE = `${redis("redis")} & `;
const GO = "exec ./go_service -listen {host}:{port} -backend http://{backend}:9000/";

/** Kept connections and new ones, and a pool of Go's that is too small, of which chance has the greatest part. */
const SERVICES: Readonly<Record<string, Pick<Pair, "command" | "lab">>> = {
  "nginx, upstream kept": { command: nginx("keepalive 16;", KEPT_BY_NGINX), lab: WITH_BACKEND },
  "nginx, upstream anew": { command: nginx("", ""), lab: WITH_BACKEND },
  "haproxy, http-reuse always": { command: haproxy(2, "http-reuse always"), lab: WITH_BACKEND },
  "haproxy, http-server-close": { command: haproxy(2, "option http-server-close"), lab: WITH_BACKEND },
  "Node, agent keeps": { command: nodeService({ keepAlive: true }), lab: WITH_BACKEND },
  "Node, agent does not": { command: nodeService({}), lab: WITH_BACKEND },
  "Go, MaxIdleConnsPerHost 2": { command: GO, lab: WITH_BACKEND },
  "gunicorn, gthread": { command: gunicorn(GTHREAD), lab: TWO_HOSTS },
  "gunicorn, sync": { command: gunicorn("--worker-class sync --workers 2"), lab: TWO_HOSTS },
  "redis beside it, pooled": { command: BESIDE + redisService("127.0.0.1", "pooled"), lab: TWO_HOSTS },
};

const LOADS = [
  { connections: 4, requests: 61, connection: "keep-alive" },
  { connections: 10, requests: 200, connection: "keep-alive" },
  { connections: 4, requests: 80, connection: "close" },
];

export const PAIRS: readonly Pair[] = LOADS.flatMap((load) =>
  Object.entries(SERVICES).map(([service, { command, lab }]) => ({ service, command, lab, load })),
);

/** @param trials of each side, in each comparison */
export async function* comparePairs(trials: number, signal: AbortSignal): AsyncGenerator<ToldOfPair> {
  const cwd = mkdtempSync(join(tmpdir(), "time-wait-bench-pairs-"));
  try {
    cpSync(join(ROOT, "test/fixtures/real"), cwd, { recursive: true });
    execFileSync("go", ["build", "-o", "go_service", "go_service.go"], {
      cwd,
      env: { ...process.env, GO111MODULE: "off" },
    });
    for (const { service, command, lab, load } of PAIRS) {
      const server = { kind: "command", command, port: 8_080, readyTimeout: "60s" };
      writeFileSync(join(cwd, "pair.yaml"), JSON.stringify({ title: service, lab, server, load }));
      const sides = ["--base", command, "--head", command, "--trials", String(trials)];
      const judged = await judgedBy(["run", "pair.yaml", ...sides], cwd, signal);
      if (judged === null) return;
      const { connections, requests, connection } = load as (typeof LOADS)[number];
      yield told(service, `${requests} requests, ${connections} connections, ${connection}`, judged);
    }
  } finally {
    rmSync(cwd, { recursive: true, force: true });
  }
}

function told(service: string, load: string, { summary, variants }: Judged): ToldOfPair {
  const changed = (tier: "structural" | "timing"): string[] =>
    variants
      .flatMap(({ metrics }) => metrics)
      .filter((metric) => metric.judged && metric.tier === tier && /^(?:worse|better)$/u.test(metric.verdict))
      .map(({ metric, verdict, reason }) => `${metric} ${verdict}: ${reason}`);
  return {
    service,
    load,
    summary,
    structural: changed("structural"),
    timing: changed("timing"),
    loadAverage: loadavg()[0]!,
  };
}

/** One row a service, and each false alarm in words. */
export function pairsTable(all: readonly ToldOfPair[], trials: number): string {
  const alarms = (of: readonly ToldOfPair[], tier: "structural" | "timing"): string =>
    String(of.filter((one) => one[tier].length > 0).length);
  const row = (name: string, of: readonly ToldOfPair[]): string[] => [
    name,
    String(of.length),
    alarms(of, "structural"),
    alarms(of, "timing"),
  ];
  const services = [...new Set(all.map(({ service }) => service))];
  const loads = all.map(({ loadAverage }) => loadAverage);
  const rows = services.map((name) =>
    row(
      name,
      all.filter(({ service }) => service === name),
    ),
  );
  return [
    table(
      `Real services against themselves: ${trials} trials of each side, load average ${Math.min(...loads).toFixed(1)} to ${Math.max(...loads).toFixed(1)}`,
      ["service", "comparisons", "false alarms: connections", "false alarms: timing"],
      [...rows, row("all", all)],
    ),
    ...all.flatMap(({ service, load, structural, timing }) =>
      [...structural, ...timing].map((alarm) => `- ${service}, ${load}: ${alarm}`),
    ),
    "",
  ].join("\n");
}
