import type { Verdict } from "../../src/scenario/claim/types.js";
import type { Scenario } from "../../src/scenario/types.js";

/** Every claim with its verdict as a list in Markdown, for scenarios/claims/README.md. */
export function claimsAsMarkdown(scenarios: readonly Scenario[], verdicts: Readonly<Record<string, Verdict>>): string {
  return scenarios
    .map(({ claim }) => {
      const { id, text, instead } = claim!;
      return `- \`${id}\` **${verdicts[id]!.replaceAll("-", " ")}**: ${text}\n  _Instead_: ${instead}.\n`;
    })
    .join("");
}
