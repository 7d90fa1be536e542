import type { Comparison } from "../compare/types.js";
import { clean } from "./clean.js";

const COLUMNS = ["scenario", "variant", "side", "trial", "metric", "tier", "value"] as const;

/** Each figure of each trial, a line each, with a head line; RFC 4180. Trials are counted from 1. */
export function renderComparisonCsv(raw: readonly Comparison[]): string {
  const lines = raw
    .map(clean)
    .flatMap(({ scenario, variants }) =>
      variants.flatMap(({ name, metrics }) =>
        metrics.flatMap(({ metric, tier, trials }) =>
          (["base", "head"] as const).flatMap((side) =>
            trials[side].map((value, i) => [scenario, name, side, String(i + 1), metric, tier, cell(value)]),
          ),
        ),
      ),
    );
  return [COLUMNS, ...lines].map((line) => `${line.map(quoted).join(",")}\r\n`).join("");
}

/** Empty where it was not measured. */
function cell(value: number | null): string {
  return value === null ? "" : String(value);
}

/** Labels are the user's, and a spreadsheet takes what begins like a formula for one. */
function quoted(text: string): string {
  const safe = /^[=+@\t]/u.test(text) || /^-\D/u.test(text) ? `'${text}` : text;
  return /[",\r\n]/u.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
