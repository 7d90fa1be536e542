import { type Arrangement, SIGNALS, type Signal, type Stage, STAGES } from "./arrangements.js";
import type { Cell } from "./cell.js";

export interface Tried {
  arrangement: Arrangement;
  kind: string;
  stage: Stage;
  signal: Signal;
  cell: Cell;
}

/** One table for each arrangement, a row for each kind of process: exit code and seconds, or why there is no such cell. */
export function sweepTables(tried: readonly Tried[], arrangements: readonly Arrangement[]): string {
  return arrangements
    .map((arrangement) => {
      const rows = arrangement.kinds.map(({ name, stages, elsewhere }) => {
        const cells = STAGES.flatMap((stage) =>
          SIGNALS.map((signal) => {
            const found = tried.find(
              (one) =>
                one.arrangement === arrangement && one.kind === name && one.stage === stage && one.signal === signal,
            );
            if (found !== undefined) return cellText(found.cell);
            return stages.includes(stage) ? "not tried" : "–";
          }),
        );
        return `| ${[name, ...cells, stages.length === STAGES.length ? "" : elsewhere].join(" | ")} |`;
      });
      const head = ["process", ...STAGES.flatMap((stage) => SIGNALS.map((signal) => `${stage} ${signal.slice(3)}`))];
      const columns = [...head, "–: does not exist"];
      return [
        `### ${arrangement.name}`,
        "",
        `| ${columns.join(" | ")} |`,
        `|${columns.map(() => "---").join("|")}|`,
        ...rows,
        "",
      ].join("\n");
    })
    .join("\n");
}

function cellText({ exitCode, tookMs, fault }: Cell): string {
  return fault === null ? `${exitCode} · ${(tookMs / 1_000).toFixed(1)} s` : `**${fault}**`;
}
