import type { Audit, ProgramAudit, SituationFigures } from "../audit/types.js";
import { count, decimal, NOTHING, pair, span } from "../text/figures.js";
import { sayInAudit } from "../words/audit.js";
import { exitCode } from "./audit-rows.js";

/** Several programs in one table, a row each, with the pair of each situation that tells most. */

type Name = ProgramAudit["situations"][number]["situation"];

export function overviewHeads(): string[] {
  return [
    sayInAudit("program"),
    sayInAudit("ov-keep-alive"),
    sayInAudit("ov-close"),
    sayInAudit("ov-ports"),
    sayInAudit("ov-reset"),
    sayInAudit("ov-stalled"),
    sayInAudit("ov-500"),
    sayInAudit("ov-exit"),
  ];
}

export function overviewRows({ programs }: Audit): string[][] {
  return programs.map((program) => {
    const of = (name: Name): SituationFigures | null =>
      program.situations.find(({ situation }) => situation === name)?.figures ?? null;
    const failures = (name: Name): string => cell(of(name), ({ says, server }) => pairOf(says.failed, server?.faults));
    return [
      program.program,
      cell(of("keep-alive"), ({ asked, kernels }) => pairOf(kernels.opened, asked.connections)),
      cell(of("close"), ({ says, server, kernels }) =>
        says.ended === "late" ? exitCode(says) : pairOf(kernels.opened, server?.requests),
      ),
      cell(of("ports-used-up"), portsCell),
      failures("server-resets"),
      failures("server-stalls"),
      failures("server-answers-500"),
      exitCodes(program),
    ];
  });
}

function cell(figures: SituationFigures | null, text: (figures: SituationFigures) => string): string {
  return figures === null ? NOTHING : text(figures);
}

function pairOf(left: number | null, right: number | null | undefined): string {
  // So that a row fits a page.
  return pair(count(left), count(right), "/");
}

/** `325 / 1.1 s`: what it says a second, and when the server got the last request. What says nothing, how it ended. */
function portsCell({ says, server }: SituationFigures): string {
  const last = server?.requestedMs?.last ?? null;
  const { exitCode: code, perSec } = says;
  if (perSec !== null) return pair(decimal(perSec), span(last));
  return code === null ? exitCode(says) : sayInAudit("ov-exited", { code });
}

/** Those of all situations, each once; 0 only where there is no other. */
function exitCodes({ situations }: ProgramAudit): string {
  const codes = situations.flatMap(({ figures }) => (figures === null ? [] : [exitCode(figures.says)]));
  const told = [...new Set(codes)].filter((code) => code !== NOTHING);
  return told.length > 1 ? told.filter((code) => code !== "0").join(", ") : (told[0] ?? NOTHING);
}
