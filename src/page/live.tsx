import { renderToString } from "preact-render-to-string";
import { language } from "../text/language.js";
import { say } from "../words/say.js";
import { readLiveAssets } from "./assets.js";
import { hashOf, htmlOf, TAG } from "./html.js";
import { type PageInput, pageView } from "./view/page.js";
import type { PageView } from "./types.js";

export type { PageInput };

/** The live page, before it has heard anything. */
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

  /** The first message of the stream brings what is on it. */
  render(): string {
    const body = renderToString(
      <>
        <p class="mark">time-wait-bench</p>
        <p class="link">{say("page-needs")}</p>
      </>,
    );
    return htmlOf({ lang: TAG[language()], title: say("live-title"), policy: null, body, ...this.#assets });
  }
}

/** What the page becomes at the end. */
export function reportView(input: PageInput): PageView {
  return pageView(input);
}
