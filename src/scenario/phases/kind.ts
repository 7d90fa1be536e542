import type { z } from "zod/mini";
import type { CwdOf } from "../parts/command-line.js";
import type { ClientKind } from "../parts/load-types.js";
import type { LabPlan } from "../parts/lab-types.js";
import type { FieldMap } from "../parts/maps.js";
import type { Path, Problem } from "../source/problem.js";

/** What a variant's steps stand on. */
export interface Surroundings {
  variant: string;
  /** The variant's load as written: steps of kind `load` change it. */
  load: FieldMap;
  lab: LabPlan;
  autoClient: ClientKind;
  /** Names of the lab's hosts. */
  hosts: readonly string[];
  /** The one that a load goes to unless it says otherwise. */
  front: string;
  cwdOf: CwdOf;
}

/** Where a step stands while it is resolved. */
export interface StepPlace {
  /** Of the step, below the variant: `["phases", "fill"]`. */
  path: Path;
  around: Surroundings;
  /** @param below the field that it is about, from the step; empty: the step itself */
  report(below: Path, message: string, hint: string): void;
  /** Of what the variant and the step say of the load together. */
  add(problem: Problem): void;
  /** Steps within this one, as meant. */
  block(phases: FieldMap): object[];
}

/**
 * All that there is to say about a kind of step. The schema of files, its form in editors, the step as meant with its
 * type, the figures that `expect` may name, and the manual follow from it.
 */
export interface Kind<Fields extends z.core.$ZodLooseShape, Meant extends object> {
  /** One sentence for the manual and for editors. */
  does: string;
  /** As written. A field with a default has it here, and nowhere else. */
  fields: Fields;
  /** What it measures: a sentence for each figure. */
  figures: Readonly<Record<string, string>>;
  /** Figures whose names are not ours to give. */
  free?: { has(figure: string): boolean; help: string };
  /** What it does with names of sockets: the fields in which they stand. A flood's is a name alone. */
  sockets?: { makes?: "socket"; uses?: "socket" | "of" };
  /** What `to` may be beside a host. */
  toElsewhere?: readonly string[];
  /** As written, with defaults → as meant; null when something was reported. */
  meant(file: z.output<z.ZodMiniObject<Fields>>, place: StepPlace): Meant | null;
}

/** Infers what a kind's fields come to. */
export function kind<Fields extends z.core.$ZodLooseShape, Meant extends object>(
  definition: Kind<Fields, Meant>,
): Kind<Fields, Meant> {
  return definition;
}
