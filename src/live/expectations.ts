import { judge } from "../result/expectations.js";
import type { RunResult } from "../result/types.js";
import type { Scenario } from "../scenario/types.js";
import type { LiveExpectation } from "./types.js";

/** Each expectation by the trials that are over; null where one of its variants has none that was measured to its end. */
export function judgedSoFar({ expect }: Scenario, { variants, findings }: RunResult): LiveExpectation[] {
  const isMeasured = (name: string): boolean =>
    Object.hasOwn(variants, name) && variants[name]!.trials.some(({ status }) => status === "complete");
  return judge(expect, variants, findings).map((judged, at) => {
    const { variant, right } = expect[at]!;
    const known = isMeasured(variant) && (right.kind !== "metric" || isMeasured(right.variant));
    return known ? judged : { text: judged.text, holds: null, measured: null, against: null };
  });
}
