import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import type { StatesDocument } from "../../src/states/types.js";
import type { WatchView } from "../../src/watch/types.js";
import { root } from "./product.js";

/**
 * `npm run benchmark:watch [sockets…]`: what `bench watch` costs beside so many sockets in TIME_WAIT, which a lab makes; the
 * table to stdout. A million takes 1.5 GB of memory.
 */

const CLI = join(root(), "dist/cli.js");
const SOCKETS = [10_000, 100_000];
const EVERY = "5s";
const READINGS = 5;
/** They last for 60 s. */
const HOLD = "40s";

const asked = process.argv.slice(2).map(Number);
const folder = mkdtempSync(join(tmpdir(), "bench-watch-"));
const rows: string[] = [];
try {
  for (const sockets of asked.length > 0 ? asked : SOCKETS) rows.push(await measured(sockets));
} finally {
  rmSync(folder, { recursive: true });
}
const head = ["sockets", "first reading", "last", "read again after", "of one processor", "all else, its start too"];
const table = [head, head.map(() => "---:"), ...rows.map((row) => row.split("\t"))];
process.stdout.write(`${table.map((cells) => `| ${cells.join(" | ")} |`).join("\n")}\n`);
process.stdout.write(`\nload before: ${loadavg()[0]!.toFixed(1)}\n`);

/** Made by a lab, watched from here while it holds them. */
async function measured(sockets: number): Promise<string> {
  const file = join(folder, "scenario.yaml");
  writeFileSync(file, JSON.stringify(scenarioOf(sockets)));
  const args = [CLI, "run", file, "--quiet", "--no-live", "--output", join(folder, "result.json")];
  const run = spawn(process.execPath, args, { cwd: folder, stdio: "ignore" });
  try {
    const pid = await hostWith(sockets, run);
    const watching = ["watch", "--pid", String(pid), "--count", String(READINGS), "--every", EVERY, "--format", "json"];
    const { stdout, cpuMs } = cpuMsOf(watching);
    const lines = stdout.trim().split("\n");
    const views = lines.map((line) => JSON.parse(line) as WatchView);
    const last = views.at(-1)!;
    const share = (last.readMs / last.everyMs) * 100;
    return [
      last.sockets.toLocaleString("en-US"),
      `${views[0]!.readMs.toFixed(0)} ms`,
      `${last.readMs.toFixed(0)} ms`,
      `${(last.everyMs / 1000).toFixed(1)} s`,
      `${share.toFixed(2)} %`,
      `${(cpuMs - views.reduce((sum, { readMs }) => sum + readMs, 0)).toFixed(0)} ms`,
    ].join("\t");
  } finally {
    run.kill("SIGINT");
    await new Promise((resolve) => (run.exitCode === null ? run.once("exit", resolve) : resolve(null)));
  }
}

function scenarioOf(sockets: number): object {
  const addresses = Math.max(1, Math.ceil(sockets / 5_000));
  return {
    title: "sockets to be watched",
    lab: {
      addresses: { server: addresses },
      sysctl: { server: { "net.ipv4.tcp_max_tw_buckets": 2 * sockets + 1_000 } },
    },
    server: { kind: "epoll" },
    load: { client: "epoll", connection: "close", connections: 50, requests: sockets, duration: "58s" },
    phases: { fill: { do: "load", on: "client", to: "server" }, hold: { do: "wait", for: HOLD } },
  };
}

/** Of the run's lab, the host that holds them, by its process. */
async function hostWith(sockets: number, run: ChildProcess): Promise<number> {
  while (run.exitCode === null) {
    const looked = spawnSync(process.execPath, [CLI, "states", "--lab", "--format", "json"], { encoding: "utf8" });
    const { namespaces } = JSON.parse(looked.stdout || '{"namespaces":[]}') as Pick<StatesDocument, "namespaces">;
    for (const { place, population } of namespaces)
      if (place.kind === "host" && place.lab?.pid === run.pid && population.timeWait >= 0.85 * sockets)
        return place.pid;
    await pause(1_000);
  }
  throw new Error(`the lab ended with ${run.exitCode} before it had ${sockets} sockets`);
}

/** User and system time of the command and of all that it has started, by the shell that waits for it. */
function cpuMsOf(args: readonly string[]): { stdout: string; cpuMs: number } {
  const script = '"$@"; times >&2';
  const { stdout, stderr } = spawnSync("/bin/sh", ["-c", script, "sh", process.execPath, CLI, ...args], {
    encoding: "utf8",
  });
  // Of the shell itself, then of its children; user and system each.
  const [, children = ""] = stderr.trim().split("\n").slice(-2);
  const cpuMs = [...children.matchAll(/(\d+)m([\d.]+)s/gu)].reduce(
    (sum, [, minutes, seconds]) => sum + Number(minutes) * 60_000 + Number(seconds) * 1_000,
    0,
  );
  return { stdout, cpuMs };
}
