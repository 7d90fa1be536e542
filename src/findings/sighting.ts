import type { FindingCode } from "./codes.js";
import type { FiguresOf, LinkName, Severity } from "./types.js";

/** What is seen, before it has words. */
export type Sighting<Code extends FindingCode = FindingCode> = {
  [Each in Code]: {
    code: Each;
    severity: Severity;
    step: string | null;
    link: LinkName | null;
    figures: FiguresOf[Each];
    /** How much of it there is: which of several trials is the one in the middle. */
    size: number;
  };
}[Code];

/** How it is: told of what stands for all trials, so that there is no other one to be chosen among. */
export function fact<Code extends FindingCode>(
  code: Code,
  at: { step: string | null; link: LinkName | null },
  figures: FiguresOf[Code],
): Sighting<Code> {
  return { code, severity: "fact", step: at.step, link: at.link, figures, size: 0 };
}
