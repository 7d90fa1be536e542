import type { Happening } from "../events/types.js";
import type { StepTaken, Trial } from "../result/types.js";
import { allPhases, type Figures } from "../scenario/phases/types.js";
import type { Variant } from "../scenario/types.js";
import { type Moments, progressOf } from "./saved.js";

/** The steps of a trial, and how its last load went. Results of earlier versions do not hold when steps were taken. */
export function ofSteps(trial: Trial, { phases }: Variant): Moments[] {
  const { steps = [] } = trial;
  const last = steps.findLast(({ does }) => does === "load");
  const plan = allPhases(phases).find(({ name }) => name === last?.step);
  if (last === undefined || plan?.do !== "load") return [momentsOf(steps, trial)];
  return [momentsOf(steps, trial), progressOf(trial, { step: last.step, durationMs: plan.load.durationMs })];
}

function momentsOf(steps: readonly StepTaken[], { figures }: Trial): Moments {
  const moments = steps.flatMap((taken) => {
    const { step, does, beganMs, endedMs, fault } = taken;
    const begun: Happening = { type: "step", step, does, state: "begun" };
    if (endedMs === null) return [{ atMs: beganMs, told: begun }];
    const ended: Happening = {
      type: "step",
      step,
      does,
      state: "ended",
      tookMs: endedMs - beganMs,
      fault,
      figures: figuresOf(step, figures),
    };
    return [
      { atMs: beganMs, told: begun },
      { atMs: endedMs, told: ended },
    ];
  });
  const inOrder = moments.toSorted((a, b) => a.atMs - b.atMs);
  return { atMs: inOrder.map(({ atMs }) => atMs), happening: (index) => inOrder[index]!.told };
}

function figuresOf(step: string, all: Trial["figures"]): Figures {
  const prefix = `${step}.`;
  const own = Object.entries(all).filter(([name]) => name.startsWith(prefix));
  return Object.fromEntries(own.map(([name, figure]) => [name.slice(prefix.length), figure]));
}
