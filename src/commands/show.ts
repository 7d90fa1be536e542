import { stringify } from "yaml";
import { clientOfThisMachine } from "../bench.js";
import { BenchError, EXIT, type ExitCode } from "../errors.js";
import { loadScenarios } from "../scenario/load.js";
import type { Scenario } from "../scenario/types.js";
import { parse } from "./options.js";
import { overridesFrom, RUN_OPTIONS } from "./run-options.js";
import type { World } from "./world.js";

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
  world.stdout.write(scenarios.map(asText).join("\n"));
  return EXIT.ok;
}

function asText({ name, title, explanation, variants, expect, gates }: Scenario): string {
  const fields = {
    variants: Object.fromEntries(variants.map(({ name: variant, ...rest }) => [variant, rest])),
    expect: expect.map(({ text }) => text),
    gates: gates.map(({ text }) => text),
  };
  return `${name}: ${title}\n\n${explanation === "" ? "" : `${explanation.trim()}\n\n`}${stringify(fields)}`;
}
