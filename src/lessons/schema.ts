import { z } from "zod/mini";
import { LANGUAGES } from "../text/language.js";

/** lesson.yaml as it is written. */

const Said = z.strictObject(
  Object.fromEntries(LANGUAGES.map((one) => [one, z.string().check(z.minLength(1))])) as Record<
    (typeof LANGUAGES)[number],
    z.ZodMiniString
  >,
);
/** One expectation, or several that all have to hold. `otherwise`: nothing before it holds. */
const When = z.union([z.string(), z.array(z.string()).check(z.minLength(1))]);

/** What of the live view the room is to look at. */
export const PANES = ["figures", "lab", "time-wait", "rate", "latency", "steps", "links"] as const;
export type Pane = (typeof PANES)[number];

const StepFile = z.strictObject({
  id: z.string().check(z.regex(/^[a-z][a-z0-9-]*$/u)),
  scenario: z.string().check(z.minLength(1)),
  only: z.optional(z.array(z.string()).check(z.minLength(1))),
  set: z.optional(z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]))),
  watch: z.optional(z.array(z.enum(PANES))),
  shows: z.array(z.string()).check(z.minLength(1)),
  choices: z.record(z.string().check(z.regex(/^[a-z][a-z0-9-]*$/u)), When),
});

export const LessonFile = z.strictObject({
  title: Said,
  about: Said,
  minutes: z.number().check(z.positive()),
  steps: z.array(StepFile).check(z.minLength(1)),
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
