import { FINDING_CODES } from "./codes.js";
import { EN } from "./en/en.js";

/** Every finding as a table in Markdown, for results/README.md. */
export function findingsAsMarkdown(): string {
  const heads = ["code", "when"];
  const rows = FINDING_CODES.map((code) => [`\`${code}\``, EN.findings[code].when]);
  return [heads, heads.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |\n`).join("");
}
