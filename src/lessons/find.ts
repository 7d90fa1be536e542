import { stat } from "node:fs/promises";
import { join, resolve } from "node:path";
import { BenchError } from "../errors.js";
import { ownFile } from "../places.js";
import { inLanguage, type Language } from "../text/language.js";
import { sayInLesson as say } from "../words/lessons.js";
import { lessonsIn } from "./read.js";

/** The lessons that come with bench. */
export const OWN_LESSONS = ownFile("scenarios/lessons");

/** In the order in which they are best taught. */
const FIRST: readonly string[] = ["time-wait", "posts", "ci", "why-it-exists"];

/** Names of the lessons that come with bench. */
export async function ownLessons(): Promise<string[]> {
  const names = await lessonsIn(OWN_LESSONS);
  const rank = (name: string): number => (FIRST.includes(name) ? FIRST.indexOf(name) : FIRST.length);
  return names.toSorted((a, b) => rank(a) - rank(b));
}

/** The folder of a lesson that comes with bench, or of one anywhere. @throws BenchError `bad-lesson` */
export async function findLesson(asked: string, cwd: string, language: Language = "en"): Promise<string> {
  const names = await ownLessons();
  if (names.includes(asked)) return join(OWN_LESSONS, asked);
  const folder = resolve(cwd, asked);
  const there = await stat(join(folder, "lesson.yaml")).catch(() => null);
  if (there?.isFile() === true) return folder;
  throw inLanguage(
    language,
    () =>
      new BenchError(
        "bad-lesson",
        say("no-such-lesson", { lesson: asked }),
        say("lessons-are", { lessons: names.join(", ") }),
      ),
  );
}
