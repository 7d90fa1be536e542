/** The languages that reports are written in. Scenarios, codes and documents stay as they are. */
export const LANGUAGES = ["en", "zh"] as const;
export type Language = (typeof LANGUAGES)[number];

let current: Language = "en";

/**
 * What is drawn meanwhile has figures and words of that language. One drawing ends before another begins, so the language is
 * no argument of every function between the command and a figure, as it is none in Intl.
 * @param draw has to be synchronous
 */
export function inLanguage<Drawn>(chosen: Language, draw: () => Drawn): Drawn {
  const before = current;
  current = chosen;
  try {
    return draw();
  } finally {
    current = before;
  }
}

export function language(): Language {
  return current;
}

/** `zh`, `zh-CN`, `zh_CN.UTF-8` → `zh`; null for a language that there is not. */
export function languageNamed(name: string): Language | null {
  const [tag = ""] = name.toLowerCase().split(/[-_.@]/u);
  return LANGUAGES.find((one) => one === tag) ?? null;
}

/**
 * Of the environment, in the order of POSIX (XBD 8.2): the first that is set decides. English where it names none of ours.
 */
export function languageOf(env: Readonly<Record<string, string | undefined>>): Language {
  const name = [env.LC_ALL, env.LC_MESSAGES, env.LANG].find((value) => value !== undefined && value !== "");
  return languageNamed(name ?? "") ?? "en";
}

const BEFORE_LATIN = /(?<=\p{Script=Han})(?=[A-Za-z0-9`+$<>≈–])/gu;
const BEHIND_LATIN = /(?<=[A-Za-z0-9`])(?=\p{Script=Han})/gu;

/** A thin habit of Chinese text: a space between Chinese characters and Latin words or figures. */
export function spaced(text: string): string {
  return text.replaceAll(BEFORE_LATIN, " ").replaceAll(BEHIND_LATIN, " ");
}

/** The parts in one text, spaced where they meet. Within a part nothing changes: it may be a name that somebody copies. */
export function spacedBetween(parts: readonly string[]): string {
  return parts.reduce((text, part) => {
    const [before = ""] = Array.from(text).slice(-1);
    const [behind = ""] = part;
    return text + (spaced(before + behind) === before + behind ? "" : " ") + part;
  }, "");
}
