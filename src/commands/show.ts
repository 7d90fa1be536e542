import { stringify } from "yaml";
import { clientOfThisMachine } from "../bench.js";
import { BenchError, EXIT, type ExitCode } from "../errors.js";
import { printable, printableLines } from "../text/printable.js";
import { claimProse } from "../report/claim-prose.js";
import { loadScenarios } from "../scenario/load.js";
import type { Scenario } from "../scenario/types.js";
import { parse } from "./options.js";
import { overridesFrom, RUN_OPTIONS } from "./run-options.js";
import { DEFAULT_WIDTH, type World } from "./world.js";

/** Longer lines are hard to read. */
const WIDEST = 100;

/** One scenario as it would run: its explanation, then every field, nothing left to a default. */
export async function show(args: readonly string[], world: World): Promise<ExitCode> {
  const { duration, connections, rate, client, server, set, only } = RUN_OPTIONS;
  const { values, positionals } = parse("show", args, { duration, connections, rate, client, server, set, only });
  if (positionals.length !== 1)
    throw new BenchError("bad-usage", "bench show takes one scenario", "See what there is: bench list");
  const scenarios = await loadScenarios(positionals, world.cwd, {
    overrides: overridesFrom(values),
    only: values.only?.split(",").map((name) => name.trim()) ?? null,
    autoClient: clientOfThisMachine().client,
  });
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
