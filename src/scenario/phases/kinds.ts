import { z } from "zod/mini";
import type { FieldMap } from "../parts/maps.js";
import { descriptionOf, field, variantName } from "../parts/rules.js";
import { HOST_KINDS } from "./host-kinds.js";
import { kind as define, type Kind } from "./kind.js";
import { LOAD_KIND } from "./load-kind.js";
import { SOCKET_KINDS } from "./socket-kinds.js";

/** Every kind of step, and the schema of steps as written. */

const inner = z
  .record(
    variantName(),
    z.lazy((): z.ZodMiniType => z.nullable(StepFile)),
  )
  .check(z.describe("The steps, by name."));

export const BLOCK_KINDS = {
  together: define({
    does: "Begins all its steps at the same time, and ends when all have ended. Figures go by the steps' own names.",
    fields: { phases: inner },
    figures: {},
    meant: ({ phases }, { block }) => ({ phases: block(phases) }),
  }),
  "in-turn": define({
    does: "Takes its steps one after the other: for use within `together`. Figures go by the steps' own names.",
    fields: { phases: inner },
    figures: {},
    meant: ({ phases }, { block }) => ({ phases: block(phases) }),
  }),
};

export const KINDS = { ...LOAD_KIND, ...HOST_KINDS, ...BLOCK_KINDS, ...SOCKET_KINDS };
export type StepKind = keyof typeof KINDS;
export const STEP_KINDS = Object.keys(KINDS) as [StepKind, ...StepKind[]];

/** Any kind of which only the common shape matters. */
export type AnyKind = Kind<z.core.$ZodLooseShape, object>;

export function kindOf(name: StepKind): AnyKind {
  return KINDS[name];
}

export function isStepKind(name: unknown): name is StepKind {
  return STEP_KINDS.some((known) => known === name);
}

/** Where a step stands among the others, if not where it is written. */
export const PLACING = {
  before: field(variantName(), "Puts the step right before the one of this name."),
  after: field(variantName(), "Puts the step right after the one of this name."),
};

/** What may be said of a step of this kind. */
export function fieldsOf(name: StepKind): string[] {
  return ["do", ...Object.keys(KINDS[name].fields), ...Object.keys(PLACING)];
}

/** Those of the fields that mean something to a step of this kind, too. */
export function fitting(fields: FieldMap, kind: unknown): FieldMap {
  if (!isStepKind(kind)) return {};
  const known: Readonly<Record<string, unknown>> = { ...kindOf(kind).fields, ...PLACING };
  const fits = ([name, value]: [string, unknown]): boolean =>
    Object.hasOwn(known, name) && (known[name] as z.ZodMiniType).safeParse(value).success;
  return Object.fromEntries(Object.entries(fields).filter(fits));
}

/** A variant may change single fields, and need not repeat what a step does: what they come to is checked after the merge. */
const written = STEP_KINDS.map((name) =>
  z.strictObject({
    do: z.literal(name).check(z.describe(KINDS[name].does)),
    ...loosened(kindOf(name).fields),
    ...PLACING,
  }),
);
/** What a variant changes of a step whose kind stands above it. */
export const KindElsewhere = z.strictObject({ do: z.optional(z.undefined()), ...loosened(allFields()), ...PLACING });

const StepFile = z.discriminatedUnion("do", [KindElsewhere, ...written]).check(z.meta({ id: "step" }));

export const PhasesFile = z.record(variantName(), z.nullable(StepFile));
export type PhasesFile = z.infer<typeof PhasesFile>;

/** A field that does not mean the same to all kinds is checked when the kind is known. */
function allFields(): z.core.$ZodLooseShape {
  const all: Record<string, z.ZodMiniType> = {};
  for (const kind of STEP_KINDS)
    for (const [name, schema] of Object.entries(kindOf(kind).fields) as [string, z.ZodMiniType][]) {
      const same = all[name] === undefined || all[name] === schema;
      all[name] = same ? schema : z.unknown().check(z.describe("What it means depends on what the step does."));
    }
  return all;
}

/** Each field may be left out, and is not filled in; editors still show its default. */
function loosened(fields: z.core.$ZodLooseShape): z.core.$ZodLooseShape {
  return Object.fromEntries(Object.entries(fields).map(([name, schema]) => [name, loose(schema as z.ZodMiniType)]));
}

function loose(schema: z.ZodMiniType): z.ZodMiniType {
  if (!(schema instanceof z.ZodMiniDefault)) return schema instanceof z.ZodMiniOptional ? schema : z.optional(schema);
  const inside = schema.def.innerType as z.ZodMiniType;
  return field(inside, descriptionOf(inside) ?? "", schema.def.defaultValue);
}
