import type { Subscriber } from "../events/types.js";
import type { Viewing } from "../viewers/serve.js";
import { inLanguage, type Language } from "../text/language.js";
import { sayOnScreen } from "../words/screen.js";
import type { World } from "./world.js";

export interface LiveUi {
  heard: Subscriber;
  /** Resolves when somebody looks. */
  seen: Promise<void>;
  teach: Viewing["teach"];
  /** The page becomes the report, or says why there is none; only the first time. */
  end(last: Parameters<Viewing["end"]>[0] | null): Promise<void>;
}

/**
 * The page that follows runs, and hears what is done on it. On a terminal it is opened in a browser, where there is one; its address is told in any case.
 */
export async function openUi(
  { stderr, env, interrupted }: World,
  language: Language,
  typed: ((line: string) => void) | null = null,
): Promise<LiveUi> {
  const [{ serveLive }, { browserCommand, openInBrowser }] = await Promise.all([
    import("../viewers/serve.js"),
    import("../viewers/browser.js"),
  ]);
  const { address, heard, seen, teach, addressForBrowser, end } = await serveLive(language, typed);
  const said = (key: "live-page" | "no-report"): string => inLanguage(language, () => sayOnScreen(key, { address }));
  stderr.write(`${said("live-page")}\n`);
  const command = stderr.columns === null ? null : browserCommand(env);
  if (command !== null) openInBrowser(command, addressForBrowser());
  let ended: Promise<void> | null = null;
  return {
    heard,
    seen,
    teach,
    end: (last) => (ended ??= end(last === null ? { said: said("no-report") } : last, interrupted.aborted)),
  };
}
