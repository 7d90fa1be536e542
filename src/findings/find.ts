import { allPhases, type Phase } from "../scenario/phases/types.js";
import type { LoadPlan, Variant } from "../scenario/types.js";
import { beside, natCap, tracked } from "./between.js";
import { cables } from "./cable.js";
import { cap, endToTell, isRate } from "./cap.js";
import { churns, commandFailed, linkChurns, requestsFailed, endInResets } from "./failures.js";
import { population, portsLast } from "./forecast.js";
import { closerCauses, hiddenRetries, staleConnections } from "./closers.js";
import { holder } from "./holder.js";
import { type Around, type Hop, linksOfLoad, portErrors } from "./hops.js";
import { type Load, loadOf, loadOfStep } from "./loads.js";
import { loopbackHides } from "./loopback.js";
import { overflows } from "./overflows.js";
import { natExhausted, ports } from "./ports.js";
import { fact, type Sighting } from "./sighting.js";
import { withSettingsThatHeld } from "./settings.js";
import { programConnections, programFailed } from "./program.js";
import { starved } from "./starved.js";
import type { MeasuredTrial } from "./types.js";
import type { Metrics } from "../metrics/table.js";
import type { Figures } from "../scenario/phases/types.js";

interface Planned {
  load: Load;
  plan: LoadPlan;
}

/** Each load of a variant: the one that it is, or those of its steps that were come to. */
function loadsOf(variant: Variant, metrics: Metrics, figures: Figures): Planned[] {
  if (variant.phases.length === 0) return [{ load: loadOf(metrics), plan: variant.load }];
  const together = loadsBesideOthers(variant.phases);
  return allPhases(variant.phases).flatMap((step) => {
    const load = step.do === "load" ? loadOfStep(figures, step.name) : null;
    if (step.do !== "load" || load === null) return [];
    const links = together.has(step.name) ? load.links.slice(0, 1) : load.links;
    return [{ load: { ...load, links }, plan: step.load }];
  });
}

/**
 * Loads that are made while another one is: whose requests the connections of other links were for cannot be told, and some
 * of these links are the other load's own.
 */
function loadsBesideOthers(phases: readonly Phase[]): ReadonlySet<string> {
  const blocks = allPhases(phases).flatMap((step) => (step.do === "together" ? [allPhases(step.phases)] : []));
  const loads = blocks.map((steps) => steps.flatMap(({ do: kind, name }) => (kind === "load" ? [name] : [])));
  return new Set(loads.filter((names) => names.length > 1).flat());
}

/**
 * What one trial shows that failed or stands out.
 * @param isolated whether what the kernels counted is the run's alone
 * @param watched whether it is no run, and somebody else's connections were watched
 * @param asked the figures that the scenario judges: a command whose end it asks for has not failed
 */
export function troublesIn(
  measured: MeasuredTrial,
  variant: Variant,
  { isolated, watched, asked }: { isolated: boolean; watched: boolean; asked: ReadonlySet<string> },
): Sighting[] {
  const trial = withSettingsThatHeld(measured, variant);
  const loads = loadsOf(variant, trial, trial.figures);
  const commands = allPhases(variant.phases).flatMap((step) => (step.do === "command" ? [step] : []));
  return [
    ...loads.flatMap(({ load }) => requestsFailed(load)),
    ...loads.flatMap(({ load, plan }) => endings(load, { variant, plan, trial, isolated })),
    ...loads.flatMap(({ load, plan }) => ports(load, plan.connections, trial)),
    ...(isolated ? loads.flatMap(({ load }) => natExhausted(load, trial, variant)) : []),
    ...commands.flatMap((step) => commandFailed(step, trial, asked)),
    ...overflows(trial, variant, isolated),
    ...loads.flatMap(({ load, plan }) => programConnections(load, plan, trial, watched)),
    ...programFailed(trial, asked),
    ...loads.flatMap(({ load, plan }) => linkChurns(load, plan)),
    ...loads.flatMap(({ load, plan }) => endInResets(load, plan, variant, trial)),
  ];
}

/** What stands out of why the load's own connections ended, and of who waited for a processor. */
function endings(load: Load, around: Around): Sighting[] {
  const [own] = linksOfLoad(load, around) as [Hop];
  return [
    ...staleConnections(load, own.link),
    ...ofSeverity("notice", closerCauses(load, own, around)),
    ...hiddenRetries(load, own.link),
    ...starved(load, own.link),
  ];
}

function ofSeverity(severity: Sighting["severity"], all: readonly Sighting[]): Sighting[] {
  return all.filter((one) => one.severity === severity);
}

/**
 * How it is: who holds TIME_WAIT and why, what caps it, how long ports last, for every load.
 * @param of the figures that stand for all trials, and the trial whose kernels are cited
 */
export function factsOf(
  variant: Variant,
  of: { metrics: Metrics; figures: Figures; trial: MeasuredTrial } | null,
  isolated: boolean,
): Sighting[] {
  const at = { step: null, link: null };
  if (of === null) return variant.phases.length > 0 ? [] : [fact("nothing-measured", at, { sent: null })];
  const loads = loadsOf(variant, of.metrics, of.figures);
  const around = { variant, trial: withSettingsThatHeld(of.trial, variant), isolated };
  return [
    ...loads.flatMap(({ load, plan }) => factsOfLoad(load, { ...around, plan })),
    ...(isolated && loads.length > 0 ? tracked({ ...around, plan: variant.load }) : []),
    ...cables(variant, of.trial),
  ];
}

function factsOfLoad(load: Load, around: Around): Sighting[] {
  const { sent, succeeded } = load.requests;
  if (sent === 0) return [fact("nothing-measured", { step: load.step, link: null }, { sent })];
  // None could be opened: that they failed is told, and there is nothing else.
  if ((succeeded ?? 0) === 0 && load.connections.opened === 0) return [];
  const [own, ...others] = linksOfLoad(load, around) as [Hop, ...Hop[]];
  const told = others.filter((hop) => around.variant.lab.topology === "proxy" || isChurning(hop, load, around));
  return [
    ...factsOfHop(load, own, around),
    ...told.flatMap((hop) => factsOfHop(load, hop, around)),
    ...beside(load, around),
  ];
}

function isChurning({ opened }: Hop, { requests }: Load, { plan }: Around): boolean {
  return churns({ opened, perRequest: requests.sent === null ? null : opened / requests.sent }, plan);
}

function factsOfHop(load: Load, hop: Hop, around: Around): Sighting[] {
  // What a document of version 1 tells of a proxy is each host's, whatever the link.
  if (around.variant.lab.topology === "proxy" && load.links.length === 0) return [];
  // That it opens so many is told by a finding of its own, with who holds TIME_WAIT.
  const who =
    hop.own || !isChurning(hop, load, around)
      ? [...holder(load, hop), ...(hop.own ? ofSeverity("fact", closerCauses(load, hop, around)) : [])]
      : [];
  if (around.variant.lab.topology === "nat") return [...who, ...(hop.own ? natCap(load, hop, around) : [])];
  const ranOut = hop.own && Object.keys(portErrors(load)).length > 0;
  const end = endToTell(load, hop, around);
  const capped = end === null ? [] : cap(load, hop, end, ranOut);
  return [
    ...who,
    ...capped,
    ...(end === null || capped.length > 0 ? [] : population(load, hop, end, around)),
    ...(isRate(load, hop, around) ? portsLast(load, hop, around, ranOut) : []),
    ...loopbackHides(load, hop, around),
  ];
}
