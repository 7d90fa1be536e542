import { say } from "../words/say.js";
import type { Paint, Style } from "./paint.js";
import { wrap } from "../text/wrap.js";

/** A coloured word, then a text that is wrapped under it. */
export function marked(mark: string, style: Style, text: string, width: number, paint: Paint): string[] {
  const [first = "", ...rest] = wrap(say("colon", { mark, text }), width, 2);
  return [paint(style, first.slice(0, mark.length)) + first.slice(mark.length), ...rest];
}
