import { styleText } from "node:util";

export type Style = Parameters<typeof styleText>[0];

/** Colours a text, or gives it back as it is. Never the only carrier of a meaning. */
export type Paint = (style: Style, text: string) => string;

export function painter(color: boolean): Paint {
  if (!color) return (_style, text) => text;
  // The caller has decided: no second look at a stream or at the environment.
  return (style, text) => (text === "" ? "" : styleText(style, text, { validateStream: false }));
}

/** The same colour for a side in the table and in the charts. */
export const SIDE_STYLE = { client: "cyan", server: "yellow" } as const;
