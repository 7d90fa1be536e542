import type { Comparison } from "../compare/types.js";
import { inCsv } from "../text/escapes.js";
import { printableDocument } from "../text/printable.js";

const COLUMNS = ["scenario", "variant", "side", "trial", "metric", "tier", "value"] as const;

/** Each figure of each trial, a line each, with a head line; RFC 4180. Trials are counted from 1. */
export function renderComparisonCsv(raw: readonly Comparison[]): string {
  const lines = raw
    .map(printableDocument)
    .flatMap(({ scenario, variants }) =>
      variants.flatMap(({ name, metrics }) =>
        metrics.flatMap(({ metric, tier, trials }) =>
          (["base", "head"] as const).flatMap((side) =>
            trials[side].map((value, i) => [scenario, name, side, String(i + 1), metric, tier, cell(value)]),
          ),
        ),
      ),
    );
  return [COLUMNS, ...lines].map((line) => `${line.map(inCsv).join(",")}\r\n`).join("");
}

/** Empty where it was not measured. */
function cell(value: number | null): string {
  return value === null ? "" : String(value);
}
