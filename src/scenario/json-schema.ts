import { z } from "zod/mini";
import { KindElsewhere } from "./phases/kinds.js";
import { ScenarioFile } from "./schema.js";

type JsonSchema = z.core.JSONSchema.BaseSchema;

/** The schema of scenario files, for editors: `scenarios/scenario.schema.json` holds exactly this. */
export function scenarioJsonSchema(): JsonSchema {
  return z.toJSONSchema(ScenarioFile, {
    io: "input",
    target: "draft-07",
    unrepresentable: "any",
    override: ({ zodSchema, jsonSchema }) => {
      // JSON knows no `undefined`: a step without `do` is one that has no such field.
      if (zodSchema === KindElsewhere) delete jsonSchema.properties?.["do"];
    },
  });
}

/** As it is published, for editors alone: what stands there again and again is told once, and indents would be half of it. */
export function scenarioJsonSchemaText(): string {
  return `${JSON.stringify(toldOnce(scenarioJsonSchema()))}\n`;
}

/** What is shorter is told in its place: a reference is about so long, and the definition has a name as well. */
const LEAST_CHARACTERS = 45;

/** Each schema that stands in several places as one definition, and references to it. */
function toldOnce(schema: JsonSchema): JsonSchema {
  const seen = new Map<string, number>();
  const count = (value: unknown): void => {
    if (typeof value !== "object" || value === null) return;
    const text = JSON.stringify(value);
    if (isSchema(value) && text.length > LEAST_CHARACTERS) {
      seen.set(text, (seen.get(text) ?? 0) + 1);
      // What stands in it is told with it.
      if (seen.get(text)! > 1) return;
    }
    for (const child of Object.values(value)) count(child);
  };
  count(schema);
  const names = new Map([...seen].filter(([, times]) => times > 1).map(([text], at) => [text, `d${at}`] as const));
  const shortened = (value: unknown, whole = false): unknown => {
    if (typeof value !== "object" || value === null) return value;
    const name = whole ? undefined : names.get(JSON.stringify(value));
    if (name !== undefined) return { $ref: `#/definitions/${name}` };
    if (Array.isArray(value)) return value.map((child) => shortened(child));
    return Object.fromEntries(Object.entries(value).map(([key, child]) => [key, shortened(child)]));
  };
  const definitions = [...names].map(([text, name]) => [name, shortened(JSON.parse(text), true)]);
  const short = shortened(schema, true) as JsonSchema & { definitions?: Record<string, JsonSchema> };
  return { ...short, definitions: { ...short.definitions, ...Object.fromEntries(definitions) } };
}

/** And no map of fields, one of which may be called `type`. */
function isSchema(value: { type?: unknown; anyOf?: unknown; oneOf?: unknown; description?: unknown }): boolean {
  const { type, anyOf, oneOf, description } = value;
  return typeof (type ?? description) === "string" || Array.isArray(anyOf) || Array.isArray(oneOf);
}
