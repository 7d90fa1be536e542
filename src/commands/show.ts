import { SHOW } from "./definitions/scenarios.js";
import { stringify } from "yaml";
import { clientOfThisMachine } from "../bench.js";
import { BenchError, EXIT, type ExitCode } from "../errors.js";
import { printable, printableLines } from "../text/printable.js";
import { claimProse } from "../report/claim-prose.js";
import { loadScenarios } from "../scenario/load.js";
import { withoutSecrets } from "../scenario/secrets.js";
import type { Scenario } from "../scenario/types.js";
import { parse } from "./options.js";
import { overridesFrom } from "./run-options.js";
import { DEFAULT_WIDTH, type World } from "./world.js";

/** Longer lines are hard to read. */
const WIDEST = 100;

/** One scenario as a file that can be run, or every field of it as it would run. */
export async function show(args: readonly string[], world: World): Promise<ExitCode> {
  const { values, positionals } = parse(SHOW, args);
  if (positionals.length !== 1)
    throw new BenchError("bad-usage", "bench show takes one scenario", "See what there is: bench list");
  const options = {
    overrides: overridesFrom(values),
    only: values.only?.split(",").map((name) => name.trim()) ?? null,
    autoClient: clientOfThisMachine().client,
  };
  if (!values.resolved) {
    const files = (await loadScenarios(positionals, world.cwd, options)).map(({ file }) => file);
    // A text of somebody else's may hold codes that a terminal would obey; a file keeps it as it is.
    const text = files.join("---\n");
    world.stdout.write(world.stdout.columns === null ? text : `${printableLines(text.trimEnd()).join("\n")}\n`);
    return EXIT.ok;
  }
  const scenarios = (await loadScenarios(positionals, world.cwd, options)).map(withoutSecrets);
  const width = Math.min(world.stdout.columns ?? DEFAULT_WIDTH, WIDEST);
  world.stdout.write(scenarios.map((scenario) => asText(scenario, width)).join("\n"));
  return EXIT.ok;
}

function asText({ claim, ...scenario }: Scenario, width: number): string {
  const { name, title, explanation, variants, expect, gates, parallel, needs } = scenario;
  const fields = {
    variants: Object.fromEntries(variants.map(({ name: variant, ...rest }) => [variant, rest])),
    expect: expect.map(({ text }) => text),
    gates: gates.map(({ text }) => text),
    parallel,
    needs,
  };
  const prose = [
    `${name}: ${printable(title)}\n`,
    explanation === "" ? "" : `${printableLines(explanation.trim()).join("\n")}\n`,
    claim === null ? "" : claimProse(claim, width),
    stringify(fields),
  ];
  return prose.filter((block) => block !== "").join("\n");
}
