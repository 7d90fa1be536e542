/** Where a report goes and in which form, for commands that have little of it. */

export const TEXT_OR_JSON = {
  type: "string",
  value: "FORMAT",
  default: "terminal",
  choices: ["terminal", "json"],
  does: "terminal, json",
} as const;

export const REPORT_FILE = {
  type: "string",
  short: "o",
  value: "FILE",
  does: "where the report goes, in place of stdout; one that ends in .html is a page",
} as const;
