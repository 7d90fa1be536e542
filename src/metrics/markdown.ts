import { CLOSE_CAUSES } from "./close-causes.js";
import { PLACES } from "./names.js";
import { METRICS } from "./table.js";
import { COMPUTED } from "./computed.js";
import type { ComparedBy, Leaf, MetricUnit, Node } from "./types.js";

const UNITS: Readonly<Record<MetricUnit, string>> = {
  count: "",
  perSec: "1/s",
  perRequest: "ratio",
  perConnection: "ratio",
  share: "share",
  us: "µs",
  ms: "ms",
};

/** Every metric as Markdown, for results/README.md: those that stand in a result, and those that follow from them. */
export function metricsAsMarkdown(): string {
  return [
    table(PLACES.map(({ path, leaf }) => [path, leaf] as const)),
    groups({ kind: "group", fields: METRICS }, "")
      .map((line) => `- ${line}\n`)
      .join(""),
    "Causes in `closeCauses`, each connection under one:\n",
    Object.entries(CLOSE_CAUSES)
      .map(([cause, means]) => `- \`${cause}\`: ${means}\n`)
      .join(""),
    "A gate can name these too; they are computed from the others:\n",
    table(Object.entries(COMPUTED)),
  ].join("\n");
}

function table(entries: readonly (readonly [path: string, leaf: Leaf])[]): string {
  const heads = ["metric", "what it is", "unit", "compared"];
  const rows = entries.map(([path, { means, unit, compared }]) => [
    `\`${path}\``,
    means,
    UNITS[unit],
    judged(compared),
  ]);
  return [heads, heads.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |\n`).join("");
}

function judged(compared: ComparedBy | undefined): string {
  if (compared === undefined) return "";
  return compared.better === "neither" ? compared.tier : `${compared.tier}, ${compared.better}`;
}

/** What stands in the groups that may be null, and when they are. */
function groups(node: Node, path: string): string[] {
  switch (node.kind) {
    case "number":
    case "flag":
      return [];
    case "or-null":
      return [`\`${path}\`: ${node.means}; null where ${node.absent}.`, ...groups(node.inner, path)];
    case "group":
      return Object.entries(node.fields).flatMap(([name, inner]) =>
        groups(inner, path === "" ? name : `${path}.${name}`),
      );
    case "family":
      return groups(node.inner, `${path}.{${node.each}}`);
  }
}
