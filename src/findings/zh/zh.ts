import { spaced } from "../../text/language.js";
import { EN } from "../en/en.js";
import type { Catalogue } from "../types.js";
import { CABLES } from "./cables.js";
import { CAPS } from "./caps.js";
import { ENDS } from "./closers.js";
import { FAILURES } from "./failures.js";
import { FORECASTS } from "./forecasts.js";
import { HOLDERS } from "./holders.js";
import { HOSTS } from "./hosts.js";
import { REMEDY_TEXTS } from "./remedies.js";
import { WAITS } from "./starved.js";
import type { TextsOf } from "./texts.js";
import type { FindingCode } from "../codes.js";

const TEXTS: TextsOf<FindingCode> = {
  ...FAILURES,
  ...CABLES,
  ...HOSTS,
  ...HOLDERS,
  ...ENDS,
  ...WAITS,
  ...CAPS,
  ...FORECASTS,
};

type Said = (...told: never[]) => string;

/** With a space between Chinese and Latin text, wherever names and figures come to stand. */
function spacedOut<Table extends Readonly<Record<string, Said>>>(table: Table): Table {
  const texts = Object.entries(table).map(([key, say]) => [key, (...told: never[]) => spaced(say(...told))]);
  return Object.fromEntries(texts) as Table;
}

const SAID = spacedOut(TEXTS);

/** Chinese (simplified). */
export const ZH: Catalogue = {
  findings: Object.fromEntries(
    Object.entries(EN.findings).map(([code, { when }]) => [code, { when, text: SAID[code as FindingCode] }]),
  ) as unknown as Catalogue["findings"],
  remedies: Object.fromEntries(
    Object.entries(REMEDY_TEXTS).map(([remedy, texts]) => [remedy, spacedOut(texts)]),
  ) as unknown as Catalogue["remedies"],
};
