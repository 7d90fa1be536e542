import type { JSX } from "preact";
import { say } from "../../words/say.js";
import { Lesson } from "../parts/lesson.js";
import { Live } from "../parts/live.js";
import type { PageState } from "./messages.js";
import { liveView } from "./view.js";

interface Around {
  /** How the page hears of the runs, in words; null: as it should. */
  link: string | null;
  /** Types a line for the teacher. */
  type: (line: string) => void;
}

/**
 * What stands on the live page at one moment. Node draws the first, which a browser takes over as it is (Preact's `hydrate`) and
 * draws all others, so that there is a picture before anything was heard, and without a script.
 */
export function pictureOf(state: PageState, { link, type }: Around): { title: string; body: JSX.Element } {
  const { lesson = null } = state;
  const view = liveView(state);
  if (lesson === null) return { title: view.title, body: <Live view={view} link={link ?? say("page-follows")} /> };
  const variants = lesson.watch.length === 0 ? [] : (view.runs[0]?.variants ?? []);
  return {
    title: lesson.heading,
    body: <Lesson view={lesson} variants={variants} link={link ?? ""} type={type} />,
  };
}
