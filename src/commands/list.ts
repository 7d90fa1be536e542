import { EXIT, type ExitCode } from "../errors.js";
import { listScenarios } from "../scenario/find.js";
import { inJson, printable } from "../text/printable.js";
import { LIST } from "./definitions/scenarios.js";
import { parse, requireNothing } from "./options.js";
import type { World } from "./world.js";

/** What there is, one line each; a file with mistakes is listed too, and says so. */
export async function list(args: readonly string[], world: World): Promise<ExitCode> {
  const { values, positionals } = parse(LIST, args);
  requireNothing("list", positionals, `About one scenario: bench show ${positionals[0]}`);
  const found = await listScenarios(world.cwd);
  if (values.format === "json") {
    const scenarios = found.map(({ name, title, path, fault }) => ({
      name,
      title: fault === null ? title : null,
      path,
      fault: fault === null ? null : { code: fault.code, message: fault.message },
    }));
    world.stdout.write(`${inJson(JSON.stringify({ schemaVersion: 1, scenarios }, null, 2))}\n`);
    return EXIT.ok;
  }
  const width = Math.max(0, ...found.map(({ name }) => name.length));
  for (const { name, title } of found) world.stdout.write(`${printable(name).padEnd(width)}  ${printable(title)}\n`);
  return EXIT.ok;
}
