import { z } from "zod/mini";
import { METRICS } from "../../metrics/table.js";
import type { Node } from "../../metrics/types.js";
import { decode } from "../../stats/histogram.js";

// zod/mini has no words of its own: "expected number".
z.config(z.locales.en());

/** What the fields of a saved result are made of. */

export const number = z.number();
export const count = z.number().check(z.gte(0));
export const text = z.string();
export const nullable = <Type extends z.ZodMiniType>(type: Type): z.ZodMiniOptional<z.ZodMiniNullable<Type>> =>
  z.optional(z.nullable(type));
export const bothSides = <Type extends z.ZodMiniType>(type: Type) => z.looseObject({ client: type, server: type });

export const histogram = text.check(z.refine(isHistogram, { error: "is no HdrHistogram" }));

/** From the table of metrics. What may be null may be missing too: results of earlier versions lack some of it. */
function schemaOf(node: Node): z.ZodMiniType {
  switch (node.kind) {
    case "number":
      return count;
    case "flag":
      return z.boolean();
    case "or-null":
      return nullable(schemaOf(node.inner));
    case "group":
      return z.looseObject(fieldsOf(node.fields));
    case "family":
      return z.record(text, schemaOf(node.inner));
  }
}

function fieldsOf(fields: Readonly<Record<string, Node>>): Record<string, z.ZodMiniType> {
  return Object.fromEntries(Object.entries(fields).map(([name, node]) => [name, schemaOf(node)]));
}

// Shapes are joined field by field: what `and` joins is compared value by value, and a column may have a million.
export const metrics = fieldsOf(METRICS);

export const savedFigure = z.nullable(z.union([number, text]));
export const savedFigures = z.optional(z.record(text, savedFigure));

/** A column of figures, looked at in one go. */
function columnOf(isValue: (value: unknown) => boolean, value: z.ZodMiniType): z.ZodMiniType {
  const each = z.array(value);
  return z.unknown().check(
    z.superRefine((column, context) => {
      if (Array.isArray(column) && column.every(isValue)) return;
      for (const { path, message } of each.safeParse(column).error?.issues ?? [])
        context.addIssue({ code: "custom", path: [...path], message });
    }),
  );
}

export const numbers = columnOf(Number.isFinite, number);
export const numbersOrNull = columnOf((value) => value === null || Number.isFinite(value), z.nullable(number));

export const columns = (names: readonly string[], column: z.ZodMiniType): Record<string, z.ZodMiniType> =>
  Object.fromEntries(names.map((name) => [name, column]));

export const savedPorts = z.looseObject({ low: count, high: count });

function isHistogram(base64: string): boolean {
  try {
    decode(base64);
    return true;
  } catch {
    return false;
  }
}
