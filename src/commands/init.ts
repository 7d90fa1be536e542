import { resolve } from "node:path";
import { EXIT, type ExitCode } from "../errors.js";
import { writeStarter } from "../scenario/starter.js";
import { INIT } from "./definitions/scenarios.js";
import { count, parse, requireNothing } from "./options.js";
import type { World } from "./world.js";

const HIGHEST_PORT = 65_535;

/** Writes a first scenario for a service of the user's own. */
export async function init(args: readonly string[], world: World): Promise<ExitCode> {
  const { values, positionals } = parse(INIT, args);
  const { command = null, port, path, output } = values;
  requireNothing("init", positionals, "A command goes with --command, the name of the file with --output.");
  const asked = { command, port: port === undefined ? null : count("--port", port, HIGHEST_PORT), path };
  await writeStarter(resolve(world.cwd, output), output, asked);
  const called = output.includes("/") ? output : `./${output}`;
  world.stdout.write(`${output} is written. Run it: ${world.program} run ${called}\n`);
  return EXIT.ok;
}
