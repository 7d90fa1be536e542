import { createHash } from "node:crypto";
import { renderToString } from "preact-render-to-string";
import type { Assets } from "./assets.js";

export interface Html extends Assets {
  /** Of the language that it is in, by BCP 47: `en`, `zh-CN`. */
  lang: string;
  title: string;
  /** Content-Security-Policy; null where it is sent beside the page. */
  policy: string | null;
  body: string;
  /** What else is there, for a script or without one. */
  beside?: string;
}

/** How a page names its language. */
export const TAG = { en: "en", zh: "zh-CN" } as const;

/** A whole page in one text, which ends with a line feed. */
export function htmlOf({ lang, title, policy, body, beside = "", style, script }: Html): string {
  const head = renderToString(
    <head>
      <meta charset="utf-8" />
      <meta name="viewport" content="width=device-width, initial-scale=1" />
      {policy === null ? null : <meta http-equiv="Content-Security-Policy" content={policy} />}
      <meta name="color-scheme" content="light dark" />
      <meta name="generator" content="time-wait-bench" />
      <title>{title}</title>
    </head>,
  );
  // Both are ours, and stand as they are: escaped, they would not be what their hashes say.
  return `<!doctype html>
<html lang="${lang}">
${head.replace("</head>", () => `<style>${style}</style></head>`)}
<body><main>${body}</main>${beside}
<script>${script}</script></body>
</html>
`;
}

/** How a policy names what may run. */
export function hashOf(text: string): string {
  return `sha256-${createHash("sha256").update(text).digest("base64")}`;
}
