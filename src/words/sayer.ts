import { language, spacedBetween } from "../text/language.js";

type Slots<Text extends string> = Text extends `${string}{${infer Name}}${infer Rest}` ? Name | Slots<Rest> : never;
type Filled<Text extends string> =
  Slots<Text> extends never ? [] : [values: Readonly<Record<Slots<Text>, string | number>>];

/** Texts by key; `{name}` stands for what is filled in. */
type Texts = Readonly<Record<string, string>>;

/** What fills a text in, in the language of what is being drawn. */
type Say<English extends Texts> = <Key extends keyof English & string>(
  key: Key,
  ...values: Filled<English[Key]>
) => string;

/** Of one catalogue in each language: which values a text takes follows from its English. */
export function sayer<const English extends Texts>(
  en: English,
  zh: Readonly<Record<keyof English & string, string>>,
): Say<English> {
  return (key, ...[values]) => filled((language() === "zh" ? zh : en)[key], values ?? {});
}

function filled(text: string, values: Readonly<Record<string, string | number>>): string {
  // Names of slots stand at every second place.
  const parts = text.split(/\{(\w+)\}/u).map((part, at) => (at % 2 === 0 ? part : String(values[part] ?? `{${part}}`)));
  return language() === "zh" ? spacedBetween(parts) : parts.join("");
}
