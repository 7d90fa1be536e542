import { execFile } from "node:child_process";
import { join } from "node:path";
import type { Comparison } from "../../src/compare/types.js";

export const ROOT = new URL("../../../../../", import.meta.url).pathname;

export type Judged = Pick<Comparison, "verdict" | "summary" | "variants">;

/** What `bench run` of two sides said of them; null when it was interrupted. */
export function judgedBy(args: readonly string[], cwd: string, signal: AbortSignal): Promise<Judged | null> {
  const all = [...args, "--format", "json", "--quiet", "--output", "r.json"];
  return new Promise((resolve, reject) => {
    const env = { ...process.env, GITHUB_STEP_SUMMARY: "" };
    const cli = join(ROOT, "dist/cli.js");
    const bench = execFile(
      process.execPath,
      [cli, ...all],
      { cwd, env, maxBuffer: 2 ** 30 },
      (error, stdout, stderr) => {
        signal.removeEventListener("abort", stop);
        if (signal.aborted) return resolve(null);
        // 1: head is worse, which is what is asked.
        if (error !== null && error.code !== 1) return reject(new Error(`bench ${all.join(" ")}\n${stderr}`));
        resolve((JSON.parse(stdout) as { comparison: Comparison }).comparison);
      },
    );
    const stop = (): void => void bench.kill("SIGINT");
    signal.addEventListener("abort", stop, { once: true });
    if (signal.aborted) stop();
  });
}
