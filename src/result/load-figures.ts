import type { Figures } from "../scenario/phases/types.js";
import type { Measurement } from "./measurement.js";
import { medianOf } from "./median.js";
import { mostOften } from "./most-often.js";
import { trialOf } from "./trial.js";

/** The figures of one load among other steps: every metric of it by its path. `closedFirst` is a name, as in `expect`. */
export function loadFigures(measurement: Measurement): Figures {
  const metrics = medianOf([trialOf(measurement)])!;
  const figures: Figures = {};
  collect(metrics as unknown as Record<string, unknown>, "", figures);
  figures["closedFirst"] = mostOften(metrics.closedFirst);
  return figures;
}

function collect(node: Readonly<Record<string, unknown>>, prefix: string, into: Figures): void {
  for (const [name, value] of Object.entries(node)) {
    if (typeof value === "number") into[prefix + name] = value;
    else if (typeof value === "object" && value !== null)
      collect(value as Record<string, unknown>, `${prefix}${name}.`, into);
  }
}
