import { z } from "zod";
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

/** As it is published, for editors alone: indents would be half of it. */
export function scenarioJsonSchemaText(): string {
  return `${JSON.stringify(scenarioJsonSchema())}\n`;
}
