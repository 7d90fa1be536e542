import { statSync } from "node:fs";
import { BenchError } from "../../errors.js";

/** Asked first: spawn() says of a missing folder that it did not find the program. @throws BenchError `bad-scenario` */
export function requireFolder(path: string, who: string): void {
  try {
    if (statSync(path).isDirectory()) return;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === undefined) throw error;
  }
  throw new BenchError(
    "bad-scenario",
    `the ${who} cannot be run in ${path}: there is no such folder`,
    "`cwd` is relative to the folder of the scenario's file.",
  );
}

/** `sh -c` with variables added to the environment that is inherited; env(1) gives way to the shell it runs. */
export function shellLine(command: string, env: Readonly<Record<string, string>>): { file: string; args: string[] } {
  const shell = ["/bin/sh", "-c", command];
  const [file = "", ...args] =
    Object.keys(env).length === 0
      ? shell
      : ["/usr/bin/env", ...Object.entries(env).map(([name, value]) => `${name}=${value}`), ...shell];
  return { file, args };
}
