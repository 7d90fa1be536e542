import { z } from "zod";
import { LANGUAGES } from "../text/language.js";

/** lesson.yaml as it is written. */

const Said = z.strictObject(
  Object.fromEntries(LANGUAGES.map((one) => [one, z.string().min(1)])) as Record<
    (typeof LANGUAGES)[number],
    z.ZodString
  >,
);
/** One expectation, or several that all have to hold. `otherwise`: nothing before it holds. */
const When = z.union([z.string(), z.array(z.string()).min(1)]);

/** What of the live view the room is to look at. */
export const PANES = ["figures", "lab", "time-wait", "rate", "latency", "steps", "links"] as const;
export type Pane = (typeof PANES)[number];

const StepFile = z.strictObject({
  id: z.string().regex(/^[a-z][a-z0-9-]*$/u),
  scenario: z.string().min(1),
  only: z.array(z.string()).min(1).optional(),
  set: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).optional(),
  watch: z.array(z.enum(PANES)).optional(),
  shows: z.array(z.string()).min(1),
  choices: z.record(z.string().regex(/^[a-z][a-z0-9-]*$/u), When),
});

export const LessonFile = z.strictObject({
  title: Said,
  about: Said,
  minutes: z.number().positive(),
  steps: z.array(StepFile).min(1),
});
export type LessonFile = z.infer<typeof LessonFile>;
export type StepFile = LessonFile["steps"][number];

/** The fields that there are, for whoever mistypes one. */
export function lessonFieldsAt(path: readonly (string | number)[]): readonly string[] {
  const [first, , third] = path;
  if (first === undefined) return Object.keys(LessonFile.shape);
  if (first === "title" || first === "about") return LANGUAGES;
  return first === "steps" && third === undefined ? Object.keys(StepFile.shape) : [];
}
