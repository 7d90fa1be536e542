import { REPORT } from "./definitions/results.js";
import { resolve } from "node:path";
import { BenchError, EXIT, type ExitCode } from "../errors.js";
import { printable } from "../text/printable.js";
import { render } from "../report/render.js";
import { readResult, resultsOf } from "../result/file.js";
import type { RunResult } from "../result/types.js";
import { inLanguage } from "../text/language.js";
import { chosenLanguage } from "./language.js";
import { parse, suggestion } from "./options.js";
import { deliver, drawPage, formatOf } from "./page.js";
import { DEFAULT_WIDTH, type World } from "./world.js";

/** Draws a saved result again. */
export async function report(args: readonly string[], world: World): Promise<ExitCode> {
  const { values, positionals } = parse(REPORT, args);
  const [file, ...more] = positionals;
  if (file === undefined || more.length > 0)
    throw new BenchError("bad-usage", "bench report takes one result", "Example: bench report results/sample.json");
  const format = formatOf(values.format, values.output);
  const language = chosenLanguage(values.lang, world.env);
  const document = await readResult(resolve(world.cwd, file));
  const results = chosen(resultsOf(document), values.scenario);
  const options = { width: world.stdout.columns ?? DEFAULT_WIDTH, color: world.stdout.color };
  const text =
    format === "html"
      ? await drawPage({ results, comparisons: [] }, language)
      : inLanguage(language, () => render(results, format, options));
  await deliver(text, values.output, world);
  return EXIT.ok;
}

/** One of several results, which is then drawn as a whole. @throws BenchError `bad-usage` where there is none of that name */
function chosen(results: readonly RunResult[], name: string | undefined): readonly RunResult[] {
  if (name === undefined) return results;
  const found = results.filter(({ scenario }) => scenario.name === name);
  if (found.length > 0) return found;
  const names = [...new Set(results.map(({ scenario }) => printable(scenario.name)))];
  throw new BenchError(
    "bad-usage",
    `there is no result of "${name}" in it`,
    suggestion(name, names, `It has: ${names.join(", ")}`),
  );
}
