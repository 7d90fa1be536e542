import { createHash } from "node:crypto";
import { renderToString } from "preact-render-to-string";
import { Page } from "./parts/page.js";
import { language } from "../text/language.js";
import { type Assets, readAssets } from "./assets.js";
import { type PageInput, pageView } from "./view/page.js";

export type { PageInput };

const TAG = { en: "en", zh: "zh-CN" } as const;

/** A page in one file that fetches nothing, complete without a script. Ends with a line feed. */
export function renderPage(input: PageInput, assets: Assets = readAssets()): string {
  const view = pageView(input);
  const body = renderToString(<Page view={view} />);
  const head = renderToString(
    <head>
      <meta charset="utf-8" />
      <meta name="viewport" content="width=device-width, initial-scale=1" />
      <meta http-equiv="Content-Security-Policy" content={policy(assets)} />
      <meta name="color-scheme" content="light dark" />
      <meta name="generator" content="time-wait-bench" />
      <title>{view.title}</title>
    </head>,
  );
  // Both are ours, and stand as they are: escaped, they would not be what their hashes say.
  return `<!doctype html>
<html lang="${TAG[language()]}">
${head.replace("</head>", `<style>${assets.style}</style></head>`)}
<body><main>${body}</main>
<script>${assets.script}</script></body>
</html>
`;
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

function hashOf(text: string): string {
  return `sha256-${createHash("sha256").update(text).digest("base64")}`;
}
