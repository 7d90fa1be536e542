import { resolve } from "node:path";
import { BenchError, EXIT, type ExitCode } from "../errors.js";
import { readLog } from "../handover/files.js";
import { importOf, type Read } from "../handover/import.js";
import { prepareOutput, readResult, resultsOf, writeResult } from "../result/file.js";
import type { RunResult } from "../result/types.js";
import { loadScenarios } from "../scenario/load.js";
import type { Scenario } from "../scenario/types.js";
import { IMPORT } from "./definitions/handover.js";
import { parse } from "./options.js";
import type { World } from "./world.js";

/** Recordings of several namespaces, and summaries of k6 in them → one result. */
export async function importResults(args: readonly string[], world: World): Promise<ExitCode> {
  const { values, positionals } = parse(IMPORT, args);
  if (positionals.length === 0)
    throw new BenchError(
      "bad-usage",
      "bench import takes recordings",
      "Example: bench import pod-1.json pod-2.json --k6 pod-1.k6.log",
    );
  const output = resolve(world.cwd, values.output);
  await prepareOutput(output);
  const records = await Promise.all(
    positionals.map(async (file): Promise<Read<RunResult>> => {
      const [of] = resultsOf(await readResult(resolve(world.cwd, file)));
      return { file, of: of! };
    }),
  );
  const summaries = await Promise.all(
    (values.k6 ?? []).map(async (file) => ({ file, of: await readLog(resolve(world.cwd, file)) })),
  );
  await writeResult(output, importOf(records, summaries, await scenarioOf(values, world)));
  world.stdout.write(`${values.output}\n`);
  return EXIT.ok;
}

async function scenarioOf(
  { scenario, variant }: { scenario?: string | undefined; variant?: string | undefined },
  world: World,
): Promise<Scenario | null> {
  if (scenario === undefined) {
    if (variant === undefined) return null;
    throw new BenchError("bad-usage", "--variant is of a scenario", "Say which: --scenario SCENARIO");
  }
  const [read] = await loadScenarios([scenario], world.cwd, {
    only: variant === undefined ? null : [variant],
    autoClient: "undici",
  });
  const [one, ...others] = read!.variants;
  if (others.length > 0)
    throw new BenchError(
      "bad-usage",
      `${scenario} has several variants`,
      `Say which one it was: --variant ${one!.name}`,
    );
  if (one!.phases.length > 0)
    throw new BenchError(
      "bad-usage",
      `${scenario} has steps, which are not exported`,
      "Leave out --scenario: one is made of what was seen.",
    );
  // k6 made the load, and nobody has measured what this bench would expect.
  return {
    ...read!,
    variants: [{ ...one!, load: { ...one!.load, client: "k6" } }],
    expect: [],
    gates: read!.gates,
    claim: null,
  };
}
