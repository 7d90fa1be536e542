import type { Definition } from "../definition.js";
import { LANG } from "../language.js";
import { SITUATIONS } from "../../audit/situations.js";
import { OWN_CLIENTS, TOOL_NAMES } from "../../scenario/types.js";
import { TEXT_OR_JSON } from "./formats.js";

/** Commands that make several runs, and tell what came of them. */

export const AUDIT = {
  name: "audit",
  usage: ["<program…> [options]", "<program> [options] -- <its command line>", "--from FILE [options]"],
  does: "what a load generator says, against what was counted",
  about: [
    `What a program says of its load, held against what the server saw and the kernels counted: requests, failures, connections, rate, who closed first, exit code; a sentence for each difference. It knows ${[...TOOL_NAMES, ...OWN_CLIENTS].join(", ")}.`,
    "The situations: connections kept, or closed, with nothing wrong; 200 local ports; a server that closes, hangs up, resets, stalls, answers 500. Each is run as `bench run` runs a scenario, in a lab; the results are kept in results/audit/, and --from draws them again.",
    "Behind -- stands a command line of your own: `bench audit wrk -- -c 10 -d 2s {url}`. It runs in the lab, and an address in it becomes the lab's. Of a program that is not known only the other two columns are told.",
  ],
  takes: "clients",
  options: {
    duration: {
      type: "string",
      value: "2s",
      does: "how long each load lasts, in whole seconds for some; 2s. Of a command line: how long it may take; 10s",
    },
    connections: { type: "string", value: "20", default: "20", does: "connections that are open at the same time" },
    rate: { type: "string", value: "500", does: "requests per second to start; wrk2 needs it, some cannot" },
    only: { type: "string", value: "NAME,…", does: `only these situations, of ${SITUATIONS.join(", ")}` },
    from: { type: "string", value: "FILE", does: "results of an audit before, in place of a new one" },
    format: {
      ...TEXT_OR_JSON,
      choices: ["terminal", "json", "markdown"],
      does: "terminal, json, markdown",
    },
    lang: LANG,
    output: { type: "string", short: "o", value: "FILE", does: "where the audit goes, in place of stdout" },
    quiet: { type: "boolean", short: "q", default: false, does: "no progress on stderr" },
  },
  exits: [
    "0 the audit was made, whatever it found",
    "2 bad usage",
    "3 a program is missing, or could not be run",
    "130 interrupted",
  ],
} as const satisfies Definition;

export const WORKSHOP = {
  name: "workshop",
  usage: ["", "<lesson> [options]"],
  does: "a lesson, step by step: guess, run, compare, why",
  about: [
    "Without a lesson: the lessons that there are. With one: it is taught, in the terminal of the teacher or on the projector. One of your own is a folder with a lesson.yaml.",
    "Each step says what will be done, puts a question to the room, runs it for real, and holds the guess against what was measured. A line is typed for each: Enter goes on, 3=12 is twelve hands for the third choice, b back, r again, s skip, h hint, n notes, q quit.",
    "Where it stops, it goes on the next time. A step that does not show here what it should is shown from a recording, which is said.",
  ],
  options: {
    check: {
      type: "boolean",
      default: false,
      does: "runs all steps beforehand, and says which show here what they should",
    },
    step: { type: "string", value: "3", does: "from this step on, by its number or its name" },
    from: {
      type: "string",
      value: "FOLDER",
      does: "recordings alone, <step>.json or <step>.json.gz: without network, permission or Linux",
    },
    record: { type: "string", value: "FOLDER", does: "like --check, and keeps each result there as a recording" },
    ui: {
      type: "boolean",
      default: false,
      does: "shows the lesson on a page as well, for the projector; it can be driven there too",
    },
    lang: { ...LANG, does: "the language of the lesson, en or zh; else that of LC_ALL, LC_MESSAGES or LANG" },
  },
  exits: [
    "0 fine",
    "1 --check: some steps are shown from recordings",
    "2 bad usage or a bad lesson",
    "3 some can be shown neither way",
    "130 interrupted",
  ],
} as const satisfies Definition;
