import { main } from "../../src/commands/main.js";
import type { Output } from "../../src/commands/world.js";
import { guarded } from "../../src/text/printable.js";
import { type BenchRun, ROOT, environment } from "./bench.js";

interface Options {
  cwd?: string;
  /** Added to the environment; `undefined` takes a variable out. */
  env?: Record<string, string | undefined>;
  /** Lines of stdin. */
  typed?: readonly string[];
}

/**
 * Runs a command line in this process, which takes a hundredth of the time of a process of its own. For what ends
 * before anything is measured; whatever concerns the process itself (signals, pipes, open files) needs a real one.
 */
export async function benchHere(
  args: readonly string[],
  { cwd = ROOT, env = {}, typed = [] }: Options = {},
): Promise<Pick<BenchRun, "stdout" | "stderr" | "exitCode">> {
  const lines = [...typed];
  const stdout = new Written();
  const stderr = new Written();
  const exitCode = await main(args, {
    program: "bench",
    cwd,
    env: environment(env),
    readLine: async () => lines.shift() ?? null,
    stdout,
    stderr,
    terminal: null,
    interrupted: new AbortController().signal,
    userId: process.getuid?.() ?? -1,
  });
  return { stdout: stdout.text, stderr: stderr.text, exitCode };
}

class Written implements Output {
  readonly columns = null;
  readonly rows = null;
  readonly color = false;
  text = "";

  write(text: string): boolean {
    this.text += guarded(text);
    return true;
  }
}
