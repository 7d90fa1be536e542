import { metricAt, placesOf } from "../metrics/names.js";
import type { RunResult, Trial } from "../result/types.js";
import { inCsv } from "../text/escapes.js";
import { printableDocument } from "../text/printable.js";

const COLUMNS = ["scenario", "variant", "trial", "metric", "value"] as const;

/**
 * Each figure of each trial, links and steps among them, a line each, with a head line; RFC 4180. Trials are counted from
 * 1. What failed or stands out in all of a variant's trials has a line without a trial: `notice.link-churns`, and its text.
 */
export function renderCsv(raw: readonly RunResult[]): string {
  const lines = raw.map(printableDocument).flatMap(({ scenario, variants, findings }) =>
    scenario.variants.flatMap(({ name }) => {
      const trials = Object.hasOwn(variants, name) ? variants[name]!.trials : [];
      const figures = trials.flatMap((trial, i) =>
        figuresOf(trial).map(([metric, value]) => [scenario.name, name, String(i + 1), metric, value]),
      );
      const told = findings
        .filter(({ variant, severity }) => variant === name && severity !== "fact")
        .map(({ severity, code, text: words }) => [scenario.name, name, "", `${severity}.${code}`, words]);
      return [...figures, ...told];
    }),
  );
  return [COLUMNS, ...lines].map((line) => `${line.map(inCsv).join(",")}\r\n`).join("");
}

/** Empty where it was not measured. */
function figuresOf(trial: Trial): [metric: string, value: string][] {
  const metrics = placesOf([trial]).map(({ path }): [string, string] => [path, text(metricAt(trial, path))]);
  const ofSteps = Object.entries(trial.figures).map(([path, value]): [string, string] => [path, text(value)]);
  return [...metrics, ...ofSteps];
}

function text(value: number | string | null): string {
  return value === null ? "" : String(value);
}
