import { stat } from "node:fs/promises";
import { BenchError } from "../errors.js";
import { allPhases } from "./phases/types.js";
import type { Scenario, Variant } from "./types.js";

/** Before anything is measured. @throws BenchError `bad-scenario` for a folder that is not there */
export async function requireWorkingFolders(scenarios: readonly Scenario[]): Promise<void> {
  for (const { name, variants } of scenarios)
    for (const folder of new Set(variants.flatMap(foldersOf))) {
      const found = await stat(folder).catch(() => null);
      if (found?.isDirectory() === true) continue;
      throw new BenchError(
        "bad-scenario",
        `${name} runs a command in ${folder}, and there is no such folder`,
        "`cwd` is relative to the folder of the scenario's file.",
      );
    }
}

function foldersOf({ server, lab, phases }: Variant): string[] {
  return [
    ...(server.kind === "command" ? [server.cwd] : []),
    ...Object.values(lab.hosts ?? {}).flatMap(({ programs }) => programs.map(({ cwd }) => cwd)),
    ...allPhases(phases).flatMap((step) => (step.do === "command" ? [step.cwd] : [])),
  ];
}
