import { EXIT, type ExitCode, forUsers } from "../errors.js";
import { RUN_OF } from "./commands.js";
import { COMMANDS } from "./definitions/commands.js";
import { errorAsText } from "./errors-as-text.js";
import type { World } from "./world.js";

/** What a bug of ours ends with: EX_SOFTWARE of sysexits.h. */
const EXIT_BUG = 70;

/** The words of a command line → its command → the exit code. What goes wrong is told on stderr, and never thrown. */
export async function main(args: readonly string[], world: World): Promise<number> {
  try {
    return await called(args, world);
  } catch (error) {
    const known = forUsers(error);
    if (known !== null) {
      world.stderr.write(errorAsText(known, world.stderr.color));
      return known.exitCode;
    }
    if (world.interrupted.aborted) return EXIT.interrupted;
    const { stack } = error as Error;
    world.stderr.write(`bug: ${stack ?? String(error)}\nPlease report this with the command that led to it.\n`);
    return EXIT_BUG;
  }
}

async function called(args: readonly string[], world: World): Promise<ExitCode> {
  const [name = "--help", ...rest] = args;
  if (name === "--version" || name === "-v" || name === "-V") {
    world.stdout.write((await import("./help.js")).versionText());
    return EXIT.ok;
  }
  const command = COMMANDS.find((candidate) => candidate.name === name);
  const beforeEnd = rest.slice(0, rest.includes("--") ? rest.indexOf("--") : rest.length);
  const asksForHelp = command === undefined || beforeEnd.includes("--help") || beforeEnd.includes("-h");
  if (!asksForHelp) return RUN_OF[command.name](rest, world);
  const { commandCalled, helpOf, overview } = await import("./help.js");
  const isFlag = name === "--help" || name === "-h";
  world.stdout.write(isFlag ? overview(world.program) : helpOf(commandCalled(name), world.program));
  return args.length === 0 ? EXIT.usage : EXIT.ok;
}
