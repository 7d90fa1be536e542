import { EXIT, type ExitCode } from "../errors.js";
import { listScenarios } from "../scenario/find.js";
import { printable } from "../text/printable.js";
import { parse } from "./options.js";
import type { World } from "./world.js";

/** What there is, one line each; a file with mistakes is listed too, and says so. */
export async function list(args: readonly string[], world: World): Promise<ExitCode> {
  parse("list", args, {});
  const found = await listScenarios(world.cwd);
  const width = Math.max(0, ...found.map(({ name }) => name.length));
  for (const { name, title } of found) world.stdout.write(`${name.padEnd(width)}  ${printable(title)}\n`);
  return EXIT.ok;
}
