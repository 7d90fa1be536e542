import type { Audit, DifferenceCode, ProgramAudit } from "../../src/audit/types.js";
import { overviewTable } from "../../src/report/audit.js";
import { machineLine } from "./markdown.js";
import type { Machine } from "./types.js";

export interface MeasuredAudit {
  machine: Machine;
  audit: Audit;
}

/** What stands out most of one that runs out of ports, or meets a server that resets. */
const TELLING: readonly DifferenceCode[] = ["did-not-end", "no-summary", "rate-over-silence", "failures-other"];

/** The part of README.md in this folder that an audit makes. */
export function auditMarkdown({ machine, audit }: MeasuredAudit): string {
  const programs = audit.programs.filter(wasMeasured);
  const absent = audit.programs
    .filter((program) => !wasMeasured(program))
    .flatMap(({ situations }) => situations[0]?.error?.message ?? []);
  return (
    [
      overviewTable({ programs }),
      programs.flatMap(sentences).join("\n"),
      `${machineLine(machine)} ${programs.map(({ name }) => name).join(", ")}.${absent.length === 0 ? "" : ` Not measured: ${absent.join("; ")}.`}`,
    ].join("\n\n") + "\n"
  );
}

function wasMeasured({ situations }: ProgramAudit): boolean {
  return situations.some(({ figures }) => figures !== null);
}

/** The first of each kind. */
function sentences({ situations }: ProgramAudit): string[] {
  return TELLING.flatMap((code) => {
    const found = situations
      .flatMap(({ situation, differences }) => differences.map((difference) => ({ situation, ...difference })))
      .find((difference) => difference.code === code);
    return found === undefined ? [] : [`- \`${found.situation}\`: ${found.text}`];
  });
}
