import { language } from "../text/language.js";
import { COMPARISON as EN } from "./en/comparison.js";
import { sayer } from "./sayer.js";
import { COMPARISON as ZH, ZH_SAYS } from "./zh/comparison.js";

/** What a comparison says. Pages get it as data: none of it is in their scripts. */
export const sayCompared = sayer(EN, ZH);

/** What a metric says of a side, as the table of metrics has it in English; its slots stay. */
export function saysOfMetric(english: string): string {
  return language() === "zh" && Object.hasOwn(ZH_SAYS, english) ? ZH_SAYS[english]! : english;
}
