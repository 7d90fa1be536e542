import { nearest } from "../findings/middle.js";
import type { Metrics, RunResult, Trial, VariantResult } from "../result/types.js";
import type { Topology, Variant } from "../scenario/types.js";

/** One variant as a report looks at it: which figures stand for it, and which trial is drawn. */
export interface VariantView {
  name: string;
  plan: Variant;
  /** `median`: over the trials measured to their end. `so far`: of a trial that was not. */
  basis: "median" | "so far" | "none";
  metrics: Metrics | null;
  /** What its steps found, on the same basis; empty without steps. */
  figures: VariantResult["figures"];
  /** The trials behind the figures, in order; empty with basis `none`. */
  trials: Trial[];
  /** The trial whose timeline is drawn and whose kernel is cited: of several the one nearest to the median. */
  shown: Trial | null;
  /** As it ran: without isolation there is nothing but this machine's loopback. */
  topology: Topology;
  /** What its kernels counted is the run's alone; else other programs' connections are in it. */
  isolated: boolean;
  /** Its position among all trials of the variant, counted from 1. */
  shownNumber: number;
}

/** In the scenario's order: as keys, names that look like numbers would come first. */
export function variantViews(result: RunResult): VariantView[] {
  const isolated = result.environment.isolation === "namespace";
  return result.scenario.variants.map((plan) => {
    const measured = Object.hasOwn(result.variants, plan.name) ? result.variants[plan.name] : undefined;
    const all = measured?.trials ?? [];
    const median = measured?.median ?? null;
    const figures = median === null ? unfinished(all) : finished(all, median, measured?.figures ?? {});
    const shownNumber = figures.shown === null ? 0 : all.indexOf(figures.shown) + 1;
    const topology = isolated ? plan.lab.topology : "loopback";
    return { name: plan.name, plan, topology, isolated, ...figures, shownNumber };
  });
}

/** What a client or a server is called; of `server: { kind: none }`, and of steps without a load, there is none to name. */
export function named(name: string): string {
  return name === "none" ? "" : name;
}

/** Done in steps, it is no one load, and is not explained as one. */
export function hasSteps({ plan }: VariantView): boolean {
  return plan.phases.length > 0;
}

/** Whether there are requests to draw. What was meant to be loaded and was not is drawn as what it is. */
export function wasLoaded(view: VariantView): boolean {
  return !hasSteps(view) || (view.metrics?.requests.sent ?? 0) > 0;
}

type Figures = Pick<VariantView, "basis" | "metrics" | "figures" | "trials" | "shown">;

function finished(all: readonly Trial[], median: Metrics, ofSteps: VariantView["figures"]): Figures {
  const complete = all.filter((trial) => trial.status === "complete");
  return { basis: "median", metrics: median, figures: ofSteps, trials: complete, shown: nearest(complete, median) };
}

function unfinished(all: readonly Trial[]): Figures {
  const last = all.at(-1);
  if (last === undefined) return { basis: "none", metrics: null, figures: {}, trials: [], shown: null };
  return { basis: "so far", metrics: last, figures: last.figures, trials: [last], shown: last };
}
