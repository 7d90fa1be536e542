import { renderToString } from "preact-render-to-string";
import { inLanguage, type Language } from "../text/language.js";
import { say } from "../words/say.js";
import { readLiveAssets } from "./assets.js";
import { hashOf, htmlOf, TAG } from "./html.js";
import type { First } from "./live/messages.js";
import { pictureOf } from "./live/picture.js";
import { type PageInput, pageView } from "./view/page.js";
import type { PageView } from "./types.js";

export type { PageInput };

/** The live page, as it is served. */
export class LivePage {
  readonly #assets = readLiveAssets();
  /** The Content-Security-Policy that it is to be sent with: nothing is reached but where it came from. */
  readonly policy = [
    "default-src 'none'",
    `style-src '${hashOf(this.#assets.style)}'`,
    `script-src '${hashOf(this.#assets.script)}'`,
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join("; ");

  /** The moment at which it is opened, drawn, and as the data from which its script goes on. */
  render(first: First, served: Language): string {
    const lang = first.state.lesson?.lang ?? served;
    return inLanguage(lang, () => {
      const { title, body } = pictureOf(first.state, { link: "", type: () => {} });
      const alone = renderToString(
        <noscript>
          <p class="link beside">{say("page-needs")}</p>
        </noscript>,
      );
      // What is no script is not run, whatever it holds; it must not end before its end.
      const data = JSON.stringify(first).replaceAll("<", "\\u003c");
      const beside = `${alone}<script type="application/json" id="first">${data}</script>`;
      return htmlOf({ lang: TAG[lang], title, policy: null, body: renderToString(body), beside, ...this.#assets });
    });
  }
}

/** What the page becomes at the end. */
export function reportView(input: PageInput): PageView {
  return pageView(input);
}
