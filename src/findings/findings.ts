import type { FindingCode } from "./codes.js";
import { EN } from "./en.js";
import { type Sighting, findIn } from "./find.js";
import type { Catalogue, Finding, MeasuredRun } from "./types.js";

/** All that a run tells in words, problems first, in the order of its variants. Pure. */
export function findingsOf(run: MeasuredRun, catalogue: Catalogue = EN): Finding[] {
  const isolated = run.environment.isolation === "namespace";
  const judged = [...run.scenario.expect, ...(run.scenario.claim?.rules ?? []).flatMap(({ when }) => when)];
  const asked = new Set(judged.map(({ metric }) => metric));
  const all = run.scenario.variants.flatMap((plan) => {
    const trials = Object.hasOwn(run.variants, plan.name) ? (run.variants[plan.name]?.trials ?? []) : [];
    const complete = trials.filter(({ status }) => status === "complete");
    // Of what was never measured to its end, what was seen until then.
    const looked = complete.length > 0 ? complete : trials.slice(-1);
    const found = looked.map((trial) => findIn(trial, plan, { isolated, asked }));
    return merged(found, plan.name, catalogue);
  });
  const order = ["problem", "notice", "fact"];
  return all.toSorted((a, b) => order.indexOf(a.severity) - order.indexOf(b.severity));
}

/** What several trials show is said once, with the figures of the one in the middle: they belong together. */
function merged(trials: readonly Sighting[][], variant: string, catalogue: Catalogue): Finding[] {
  const groups = new Map<string, Sighting[]>();
  for (const one of trials.flat()) {
    const host = "host" in one.figures ? one.figures.host : "";
    const key = JSON.stringify([one.code, one.step, one.link, host]);
    groups.set(key, [...(groups.get(key) ?? []), one]);
  }
  return [...groups.values()].map((group) => {
    const bySize = group.toSorted((a, b) => a.size - b.size);
    const middle = bySize[Math.floor(bySize.length / 2)]!;
    return inWords(middle, variant, { found: group.length, of: trials.length }, catalogue);
  });
}

function inWords<Code extends FindingCode>(
  { code, severity, step, link, figures }: Sighting<Code>,
  variant: string,
  trials: Finding["trials"],
  catalogue: Catalogue,
): Finding {
  const at = { variant, step, link };
  const entry = catalogue[code];
  const words = { text: entry.text(figures, at), remedy: entry.remedy(figures, at) };
  return { code, severity, ...at, figures, trials, ...words } as Finding;
}
