import { namedLinks } from "../links/named.js";
import type { Metrics } from "../metrics/table.js";
import type { Variant } from "../scenario/types.js";
import type { FindingCode } from "./codes.js";
import { EN } from "./en/en.js";
import { factsOf, troublesIn } from "./find.js";
import { mend } from "./mend.js";
import { nearest } from "./middle.js";
import type { Sighting } from "./sighting.js";
import type { Catalogue, Finding, MeasuredRun, MeasuredTrial, MeasuredVariant } from "./types.js";

const SEVERITIES = ["problem", "notice", "fact"];

/** All that a run tells in words, problems first, in the order of its variants. Pure. */
export function findingsOf(run: MeasuredRun, catalogue: Catalogue = EN): Finding[] {
  const { isolation } = run.environment;
  const isolated = isolation === "namespace";
  const watched = isolation === "watched";
  const judged = [...run.scenario.expect, ...(run.scenario.claim?.rules ?? []).flatMap(({ when }) => when)];
  const asked = new Set(judged.map(({ metric }) => metric));
  const all = run.scenario.variants.flatMap((plan) => {
    const measured = Object.hasOwn(run.variants, plan.name) ? run.variants[plan.name] : undefined;
    const seen = lookedAt(measured?.trials ?? []);
    const trials = watched ? seen.map(ofOwnLink) : seen;
    const troubles = trials.map((trial) => troublesIn(trial, plan, { isolated, watched, asked }));
    const middle = middleOf(measured, trials);
    const facts = factsOf(
      plan,
      watched && middle !== null ? { ...middle, metrics: ofOwnLink(middle.metrics) } : middle,
      isolated,
    );
    const every = { found: trials.length, of: trials.length };
    const told = merged(troubles, plan, catalogue);
    const further = facts.filter((one) => !saysNoMore(one, told));
    return [...told, ...further.map((one) => inWords(one, plan, every, catalogue))];
  });
  return inOrder(all);
}

/**
 * The findings that a document came with, and what today's bench finds in it of codes that it does not have: one that was
 * written by an earlier version did not look for them.
 */
export function completedFindings(stored: readonly Finding[], run: MeasuredRun): Finding[] {
  const known = new Set<string>(stored.map(({ code }) => code));
  return inOrder([...stored, ...findingsOf(run).filter(({ code }) => !known.has(code))]);
}

function inOrder(findings: readonly Finding[]): Finding[] {
  return findings.toSorted((a, b) => SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity));
}

/** That resets leave no TIME_WAIT is told with them; a notice of them stands elsewhere. */
function saysNoMore({ code, step, link, figures }: Sighting, told: readonly Finding[]): boolean {
  if (code !== "holder" || figures.kind !== "resets") return false;
  const of = JSON.stringify([step, link]);
  return told.some(
    (one) => one.code === "resets" && one.severity === "fact" && JSON.stringify([one.step, one.link]) === of,
  );
}

/** TIME_WAIT of what was watched is that of all hosts; a sentence names the hosts of one link, and is told by its figures. */
function ofOwnLink<Of extends Pick<Metrics, "timeWait" | "links">>(metrics: Of): Of {
  const [own] = namedLinks(metrics.links);
  if (own === undefined) return metrics;
  const { from, to } = own.link.timeWait;
  return { ...metrics, timeWait: { client: from, server: to } };
}

/** Of what was never measured to its end, what was seen until then. */
function lookedAt(trials: readonly MeasuredTrial[]): readonly MeasuredTrial[] {
  const complete = trials.filter(({ status }) => status === "complete");
  return complete.length > 0 ? complete : trials.slice(-1);
}

/** The figures that stand for all trials, and the trial that is nearest to them. */
function middleOf(
  measured: MeasuredVariant | undefined,
  trials: readonly MeasuredTrial[],
): Parameters<typeof factsOf>[1] {
  const median = measured?.median ?? null;
  const trial = median === null ? trials[0] : nearest(trials, median);
  if (trial === undefined || trial === null) return null;
  return { metrics: median ?? trial, figures: median === null ? trial.figures : measured!.figures, trial };
}

/** What several trials show is said once, with the figures of the one in the middle: they belong together. */
function merged(trials: readonly Sighting[][], variant: Variant, catalogue: Catalogue): Finding[] {
  const groups = new Map<string, Sighting[]>();
  for (const one of trials.flat()) {
    const { figures } = one;
    const which = "host" in figures ? figures.host : "cause" in figures ? figures.cause : "";
    const key = JSON.stringify([one.code, one.step, one.link, which]);
    groups.set(key, [...(groups.get(key) ?? []), one]);
  }
  return [...groups.values()].map((group) => {
    const bySize = group.toSorted((a, b) => a.size - b.size);
    const middle = bySize[Math.floor(bySize.length / 2)]!;
    return inWords(middle, variant, { found: group.length, of: trials.length }, catalogue);
  });
}

function inWords<Code extends FindingCode>(
  one: Sighting<Code>,
  variant: Variant,
  trials: Finding["trials"],
  { findings, remedies }: Catalogue,
): Finding {
  const { code, severity, step, link, figures } = one;
  const at = { variant: variant.name, step, link };
  const text = findings[code].text(figures, at);
  return { code, severity, ...at, figures, trials, text, ...mend(one as Sighting, variant, remedies) } as Finding;
}
