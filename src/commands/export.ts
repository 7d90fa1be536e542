import { join, resolve } from "node:path";
import { BenchError, EXIT, type ExitCode } from "../errors.js";
import { writeFiles } from "../handover/files.js";
import { exportToK6 } from "../handover/k6.js";
import { benchVersion } from "../result/environment.js";
import { loadScenarios } from "../scenario/load.js";
import { EXPORT } from "./definitions/handover.js";
import { count, parse } from "./options.js";
import { overridesFrom } from "./run-options.js";
import type { World } from "./world.js";

const MOST_PODS = 10_000;

/** Writes a scenario for another engine. */
export async function exportScenario(args: readonly string[], world: World): Promise<ExitCode> {
  const { values, positionals } = parse(EXPORT, args);
  const [engine, name, ...more] = positionals;
  if (engine !== "k6" || name === undefined || more.length > 0)
    throw new BenchError(
      "bad-usage",
      "bench export takes k6 and one scenario",
      "Example: bench export k6 close-vs-keepalive",
    );
  // k6 is the client: one of ours would be asked for fields of its own.
  const scenarios = await loadScenarios([name], world.cwd, {
    overrides: overridesFrom(values),
    only: values.only?.split(",").map((one) => one.trim()) ?? null,
    autoClient: "undici",
  });
  const [scenario, ...others] = scenarios;
  if (scenario === undefined || others.length > 0)
    throw new BenchError("bad-usage", `${name} is more than one scenario`, "Export one after the other.");
  const files = exportToK6(scenario, {
    url: values.url.replace(/\/$/u, ""),
    pods: count("--pods", values.pods, MOST_PODS),
    image: values.image ?? `time-wait-bench:${benchVersion()}`,
    command: `${world.program} export ${args.join(" ")}`,
  });
  const folder = values.output ?? join("k6", scenario.name);
  await writeFiles(resolve(world.cwd, folder), files);
  for (const { name: file } of files) world.stdout.write(`${join(folder, file)}\n`);
  return EXIT.ok;
}
