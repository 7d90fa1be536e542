import type { Path } from "../source/problem.js";
import type { CommandLine } from "./lab-types.js";

/**
 * The absolute folder that a command at this place runs in; `cwd` is what stands beside it. A path is relative to the
 * folder of the scenario's file, or to the user's current folder where it came from the command line. `field`: another one
 * beside it that holds a path.
 */
export type CwdOf = (place: Path, cwd: string | undefined, field?: string) => string;

interface CommandFile {
  command: string;
  cwd?: string | undefined;
  env?: Record<string, string | number | boolean> | undefined;
}

/** A command as written → as meant. @param place the map in which it stands */
export function commandLine({ command, cwd, env = {} }: CommandFile, place: Path, cwdOf: CwdOf): CommandLine {
  const texts = Object.entries(env).map(([name, value]) => [name, String(value)] as const);
  return { command, cwd: cwdOf(place, cwd), env: Object.fromEntries(texts) };
}
