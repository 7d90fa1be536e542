import type { Definition } from "../definition.js";
import { LANG } from "../language.js";
import { UI_DOES } from "../run-options.js";
import { REPORT_FILE } from "./formats.js";

/** Commands that read what was saved. */

export const REPORT = {
  name: "report",
  usage: ["<result> [options]"],
  does: "draws a saved result again",
  about: ["Draws a saved result again."],
  options: {
    scenario: {
      type: "string",
      value: "NAME",
      does: "only the result of this scenario, where the file has several; of a claim, its whole report",
    },
    format: {
      type: "string",
      value: "FORMAT",
      default: "terminal",
      choices: ["terminal", "json", "markdown", "junit", "csv", "html"],
      does: "terminal, json, markdown, junit, csv (each figure of each trial, and what stands out), html (a page in one file, with charts)",
    },
    lang: LANG,
    output: REPORT_FILE,
  },
} as const satisfies Definition;

export const REPLAY = {
  name: "replay",
  usage: ["<result> [options]"],
  does: "shows a saved result as if it ran now",
  about: [
    "Shows a saved result as it was seen while it ran: at its own pace, or faster. It measures nothing, and needs neither permission nor network. At the end it prints the report.",
  ],
  options: {
    ui: { type: "boolean", default: false, does: UI_DOES },
    speed: { type: "string", value: "4", default: "1", does: "how many times as fast as it ran" },
    lang: LANG,
  },
  exits: ["0 shown to its end", "2 bad usage, or no result", "130 interrupted"],
} as const satisfies Definition;

export const COMPARE = {
  name: "compare",
  usage: ["<base> <head> [options]", "--baseline FILE <head>", "--sides base,head <result>"],
  does: "judges two results, for CI",
  about: [
    "Judges head against base: two results of one scenario, or two variants of one result.",
    "What connections do is judged always; how fast it went only between results of one machine.",
    "With GITHUB_STEP_SUMMARY set, the Markdown is added to that file as well.",
  ],
  options: {
    baseline: {
      type: "string",
      value: "FILE",
      does: "the base, for instance one that `bench run --save-baseline` wrote",
    },
    variant: { type: "string", value: "NAME,…", does: "only these variants" },
    sides: {
      type: "string",
      value: "base,head",
      does: "variants of these names, or that end in -base and -head, from one result",
    },
    gates: {
      type: "string",
      value: "FILE",
      does: 'a YAML list of what must hold, in place of the scenario\'s own gates: "- connections.perRequest not worse", "- requests.failed == 0"',
    },
    strict: { type: "boolean", default: false, does: "exit code 4 when something that is judged is unclear" },
    format: {
      type: "string",
      value: "FORMAT",
      default: "terminal",
      choices: ["terminal", "markdown", "junit", "json", "csv", "html"],
      does: "terminal, markdown, junit, json, csv (each figure of each trial), html (a page in one file)",
    },
    lang: LANG,
    output: REPORT_FILE,
  },
  exits: [
    "0 no gate breaks",
    "1 one breaks, or without gates something is worse",
    "2 not comparable",
    "4 unclear (--strict)",
  ],
} as const satisfies Definition;
