import { resolve } from "node:path";
import { BenchError, EXIT, type ExitCode } from "../errors.js";
import { render, REPORT_FORMATS } from "../report/render.js";
import { readResult, resultsOf } from "../result/file.js";
import { oneOf, parse } from "./options.js";
import { DEFAULT_WIDTH, type World } from "./world.js";

/** Draws a saved result again. */
export async function report(args: readonly string[], world: World): Promise<ExitCode> {
  const { values, positionals } = parse("report", args, { format: { type: "string", default: "terminal" } });
  const [file, ...more] = positionals;
  if (file === undefined || more.length > 0)
    throw new BenchError("bad-usage", "bench report takes one result", "Example: bench report results/sample.json");
  const format = oneOf("--format", values.format, REPORT_FORMATS);
  const results = resultsOf(await readResult(resolve(world.cwd, file)));
  world.stdout.write(
    render(results, format, { width: world.stdout.columns ?? DEFAULT_WIDTH, color: world.stdout.color }),
  );
  return EXIT.ok;
}
