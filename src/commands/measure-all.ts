import { notBegun, type RunOptions, runScenario } from "../bench.js";
import { BenchError } from "../errors.js";
import { writeResult } from "../result/file.js";
import type { RunResult } from "../result/types.js";
import type { Scenario } from "../scenario/types.js";
import type { Progress } from "./progress.js";
import { runAll } from "./schedule.js";

interface Measured {
  /** In the order of the scenarios; without those that an interruption kept from beginning. */
  results: RunResult[];
  /** Why the result could not be saved; null when it was. */
  unsaved: BenchError | null;
}

/** Every scenario, saved after each trial: what is measured is not lost, whatever happens to the next. */
export async function measureAll(
  scenarios: readonly Scenario[],
  given: Pick<RunOptions, "isolation" | "trials" | "cacheFolder" | "signal">,
  output: string,
  progress: Progress,
): Promise<Measured> {
  const slots: (RunResult | undefined)[] = [];
  const soFar = (): RunResult[] => slots.filter((slot) => slot !== undefined);
  let done = 0;
  let unsaved: BenchError | null = null;
  let writing = Promise.resolve();
  // One at a time, whoever asks: each writes what there is by then.
  const save = (): Promise<void> =>
    (writing = writing
      .then(() => writeResult(output, documentOf(soFar())))
      .then(
        () => void (unsaved = null),
        (error: BenchError) => void (unsaved = error),
      ));
  const run = async (scenario: Scenario, at: number, besideOthers: boolean): Promise<void> => {
    slots[at] = await measured(scenario, {
      ...given,
      onTrial: (partial) => {
        slots[at] = asInterrupted(partial);
        return save();
      },
      // Of several at once the one in front is shown.
      onProgress: besideOthers ? () => {} : progress.show,
      onBuild: (title) => progress.say(`building ${title}, once`),
      onWarning: (warning) => {
        // A trial's warnings stand in the report; what concerns the whole run is said before it starts.
        if (warning.variant === undefined) progress.say(`warning: ${warning.message}`);
      },
    });
    if (!besideOthers) progress.finish();
    done += 1;
    if (scenarios.length > 1) progress.say(`${done} of ${scenarios.length}: ${scenario.name}, ${outcomeOf(slots[at])}`);
    await save();
  };
  // One of several that cannot begin says so in its place, and takes nothing away from the others.
  const measured = async (scenario: Scenario, options: RunOptions): Promise<RunResult> => {
    try {
      return await runScenario(scenario, options);
    } catch (error) {
      if (scenarios.length === 1 || !(error instanceof BenchError)) throw error;
      return notBegun(scenario, error);
    }
  };
  await runAll(scenarios, run, given.signal);
  return { results: soFar(), unsaved };
}

function outcomeOf({ claim, status }: RunResult): string {
  return claim === undefined ? status : claim.verdict.replaceAll("-", " ");
}

function documentOf(results: RunResult[]): Parameters<typeof writeResult>[1] {
  return results.length === 1 ? results[0]! : { schemaVersion: 2, results };
}

/** What the file says if nothing more comes of the run. */
function asInterrupted(soFar: RunResult): RunResult {
  return { ...soFar, status: "interrupted" };
}
