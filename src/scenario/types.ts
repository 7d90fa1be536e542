import type { Claim } from "./claim/types.js";
import type { Expectation, Gate } from "./expect/types.js";
import type { LabPlan, ServerPlan } from "./parts/lab-types.js";
import type { LoadPlan, SamplePlan } from "./parts/load-types.js";
import type { Phase } from "./phases/types.js";

export * from "./expect/types.js";
export * from "./parts/lab-types.js";
export * from "./parts/load-types.js";

/** A scenario as meant: every field resolved, nothing left to a default. The result file records exactly this. */

export interface Scenario {
  /** The file's name without `.yaml`, with its folder below `scenarios/`: `close-vs-keepalive`. */
  name: string;
  title: string;
  /** What the scenario shows and what to take from it; empty when the file says nothing. */
  explanation: string;
  /** In the order of the file; at least one. */
  variants: Variant[];
  expect: Expectation[];
  /** What has to hold when a result of it is compared with another one. */
  gates: Gate[];
  /** What it puts to the test; null for a scenario that shows something. */
  claim: Claim | null;
  /** It waits more than it works, so that others of its kind may run at the same time. */
  parallel: boolean;
  /** Programs that it cannot do without, besides those that make a lab. */
  needs: string[];
  /** The file that it was read from, with what options changed, so that it runs by itself. Absent in results of earlier versions. */
  file?: string;
  /** What is compared within the run: each variant is there twice, `<name>-base` and `<name>-head`. Absent: nothing. */
  sides?: Sides;
}

export const SIDES = ["base", "head"] as const;
export type SideName = (typeof SIDES)[number];
export type Sides = Record<SideName, SideOrigin>;

export interface SideOrigin {
  /** What the user calls it: a command, or `main (1f2e3d4c5b)`. */
  label: string;
  /** Of a revision, in full; null for a command. */
  commit: string | null;
}

export interface Variant {
  name: string;
  lab: LabPlan;
  server: ServerPlan;
  load: LoadPlan;
  sample: SamplePlan;
  /** What is done, step by step; empty: one load, as above. */
  phases: Phase[];
}
