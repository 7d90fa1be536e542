import { randomUUID } from "node:crypto";
import { main } from "../../src/commands/main.js";
import type { Output } from "../../src/commands/world.js";
import { guarded } from "../../src/text/printable.js";
import { type BenchRun, ROOT, RUN_MARK, environment } from "./bench.js";

export type RunHere = Pick<BenchRun, "mark" | "stdout" | "stderr" | "exitCode">;

interface Options {
  cwd?: string;
  /** Added to the environment; `undefined` takes a variable out. */
  env?: Record<string, string | undefined>;
  /** Lines of stdin. */
  typed?: readonly string[];
}

/** Also after a test whose time was over: its run goes on, and would change the environment of the next. */
let underWay = false;

/**
 * Runs a command line in this process, which saves the start of one: nearly all of the time of what ends before anything
 * is measured. Whatever concerns the process itself (signals, pipes, open files) needs a real one. One at a time: the
 * environment is that of this process meanwhile.
 */
export async function benchHere(
  args: readonly string[],
  { cwd = ROOT, env = {}, typed = [] }: Options = {},
): Promise<RunHere> {
  const mark = randomUUID();
  const lines = [...typed];
  const stdout = new Written();
  const stderr = new Written();
  if (underWay) throw new Error("benchHere runs one command line at a time: the environment is the process's own");
  underWay = true;
  const own = { ...process.env };
  // What a run starts, and what Node itself reads, has it from this process.
  const asked = { ...environment(env), [RUN_MARK]: mark };
  become(asked);
  const exitCode = await main(args, {
    program: "bench",
    cwd,
    env: asked,
    readLine: async () => lines.shift() ?? null,
    stdout,
    stderr,
    terminal: null,
    interrupted: new AbortController().signal,
    userId: process.getuid?.() ?? -1,
  }).finally(() => {
    become(own);
    underWay = false;
  });
  return { mark, stdout: stdout.text, stderr: stderr.text, exitCode };
}

function become(wanted: NodeJS.ProcessEnv): void {
  for (const name of Object.keys(process.env)) if (wanted[name] === undefined) delete process.env[name];
  for (const [name, value] of Object.entries(wanted)) if (value !== undefined) process.env[name] = value;
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
