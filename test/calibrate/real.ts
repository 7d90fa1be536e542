import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { cpus, loadavg, release, tmpdir } from "node:os";
import { join } from "node:path";
import type { Comparison, MetricComparison } from "../../src/compare/types.js";
import { judgedBy } from "./bench.js";

/** Comparisons of a real service with itself, and with faults that have to be found: on this machine, as busy as it is. */

export interface RealEffort {
  /** Comparisons of the service with itself. */
  same: number;
  /** Comparisons with each fault. */
  each: number;
  /** Trials of each side. */
  pairs: number;
  /** Of each trial's load. */
  duration: string;
  /** Processes that work in bursts meanwhile, besides whatever else the machine has to do. */
  neighbours: number;
}

export const CASES = {
  same: "the service, against itself",
  slow: "answers 1 ms later",
  "closes-each": "closes after every request",
  "closes-tenth": "closes after every tenth request",
} as const;
export type Fault = keyof typeof CASES;

/** What one comparison said. */
export interface Told {
  fault: Fault;
  verdict: Comparison["verdict"];
  summary: string;
  /** Metrics that were told worse, by tier; those of connections leave no doubt. */
  worse: Record<MetricComparison["tier"], string[]>;
  /** Timing metrics of which nothing could be told. */
  unclear: string[];
  loadAverage: number;
}

export interface Calibration {
  schemaVersion: 1;
  startedAt: string;
  machine: { kernel: string; cpu: string; cores: number; node: string };
  effort: RealEffort;
  comparisons: Told[];
}

const SERVICE = new URL("service.js", import.meta.url).pathname;
const BURSTS =
  "const t=()=>{const e=Date.now()+20+Math.random()*180;while(Date.now()<e);setTimeout(t,20+Math.random()*180)};t()";

/** Each case takes its turn, so that what the machine does meanwhile meets them all. Ends early with the signal. */
export async function* calibrate(effort: RealEffort, signal: AbortSignal): AsyncGenerator<Calibration> {
  const cwd = mkdtempSync(join(tmpdir(), "time-wait-bench-calibrate-"));
  const neighbours = Array.from({ length: effort.neighbours }, () =>
    spawn(process.execPath, ["-e", BURSTS], { stdio: "ignore" }),
  );
  const document: Calibration = {
    schemaVersion: 1,
    startedAt: new Date().toISOString(),
    machine: { kernel: release(), cpu: cpus()[0]?.model ?? "", cores: cpus().length, node: process.version },
    effort,
    comparisons: [],
  };
  try {
    for (const fault of turns(effort)) {
      const told = await compareOnce(fault, effort, cwd, signal);
      if (told === null) return;
      document.comparisons.push(told);
      yield document;
    }
  } finally {
    for (const neighbour of neighbours) neighbour.kill();
    rmSync(cwd, { recursive: true, force: true });
  }
}

/** Round by round one of each fault, and as many of the others as it takes. */
export function turns({ same, each }: Pick<RealEffort, "same" | "each">): Fault[] {
  const faults = Object.keys(CASES).filter((fault) => fault !== "same") as Fault[];
  const rounds = Math.max(each, 1);
  return Array.from({ length: rounds }, (_, round): Fault[] => {
    const many = Math.floor(((round + 1) * same) / rounds) - Math.floor((round * same) / rounds);
    return [...Array.from({ length: many }, (): Fault => "same"), ...(each === 0 ? [] : faults)];
  }).flat();
}

/** null when it was interrupted. */
async function compareOnce(
  fault: Fault,
  { pairs, duration }: RealEffort,
  cwd: string,
  signal: AbortSignal,
): Promise<Told | null> {
  const command = (what: string): string => `exec '${process.execPath}' '${SERVICE}' {port} ${what}`;
  const scenario = join(cwd, "service.yaml");
  writeFileSync(
    scenario,
    JSON.stringify({
      title: "calibration",
      server: { kind: "command", command: command("none"), port: 8080, readyTimeout: "60s" },
      load: { connections: 4, duration },
      variants: { service: {} },
    }),
  );
  const sides = ["--base", command("none"), "--head", command(fault === "same" ? "none" : fault)];
  const comparison = await judgedBy(["run", scenario, ...sides, "--trials", String(pairs)], cwd, signal);
  if (comparison === null) return null;
  const [variant] = comparison.variants;
  const told = (tier: MetricComparison["tier"], verdict: string): string[] =>
    variant!.metrics
      .filter((metric) => metric.judged && metric.tier === tier && metric.verdict === verdict)
      .map(({ metric, reason }) => `${metric}: ${reason}`);
  return {
    fault,
    verdict: comparison.verdict,
    summary: comparison.summary,
    worse: { structural: told("structural", "worse"), timing: told("timing", "worse") },
    unclear: told("timing", "unclear"),
    loadAverage: loadavg()[0]!,
  };
}
