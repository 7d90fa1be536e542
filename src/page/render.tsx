import { renderToString } from "preact-render-to-string";
import { language } from "../text/language.js";
import { type Assets, readAssets } from "./assets.js";
import { hashOf, htmlOf, TAG } from "./html.js";
import { Page } from "./parts/page.js";
import { type PageInput, pageView } from "./view/page.js";

export type { PageInput };

/** A page in one file that fetches nothing, complete without a script. Ends with a line feed. */
export function renderPage(input: PageInput, assets: Assets = readAssets()): string {
  const view = pageView(input);
  const body = renderToString(<Page view={view} />);
  return htmlOf({ lang: TAG[language()], title: view.title, policy: policy(assets), body, ...assets });
}

/** Nothing is fetched, nothing runs but this style and this script, whatever a name or an error in the result says. */
function policy({ style, script }: Assets): string {
  return [
    "default-src 'none'",
    `style-src '${hashOf(style)}'`,
    `script-src '${hashOf(script)}'`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
}
