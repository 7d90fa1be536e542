import type { BenchError } from "../errors.js";
import type { Events } from "../events/events.js";
import type { RunEvent } from "../events/types.js";
import { writeResult } from "../result/file.js";
import type { RunResult } from "../result/types.js";

export interface Saved {
  /** In the order of the scenarios; without those that an interruption kept from beginning. */
  readonly results: RunResult[];
  /** Why the result could not be saved the last time; null when it was. */
  readonly unsaved: BenchError | null;
}

/** Saves what there is after each trial: what is measured is not lost, whatever happens to the next. */
export function saveTo(output: string, events: Events): Saved {
  const slots: (RunResult | undefined)[] = [];
  let unsaved: BenchError | null = null;
  let writing = Promise.resolve();
  const soFar = (): RunResult[] => slots.filter((slot) => slot !== undefined);
  // One at a time, whoever asks: each writes what there is by then.
  const save = (run: number): Promise<void> =>
    (writing = writing
      .then(() =>
        events
          .ofRun(run)
          .during({ host: null, what: "save", command: output }, () => writeResult(output, documentOf(soFar()))),
      )
      .then(
        () => void (unsaved = null),
        (error: BenchError) => void (unsaved = error),
      ));
  events.subscribe((event: RunEvent) => {
    // What the file says if nothing more comes of the run.
    if (event.type === "trial-done") slots[event.run] = { ...event.soFar, status: "interrupted" };
    else if (event.type === "run-done") slots[event.run] = event.result;
    else return;
    return save(event.run);
  });
  return {
    get results() {
      return soFar();
    },
    get unsaved() {
      return unsaved;
    },
  };
}

function documentOf(results: RunResult[]): Parameters<typeof writeResult>[1] {
  return results.length === 1 ? results[0]! : { schemaVersion: 2, results };
}
