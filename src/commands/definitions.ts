import type { Definition } from "./definition.js";
import { LANG } from "./language.js";
import { SITUATIONS } from "../audit/situations.js";
import { OWN_CLIENTS, TOOL_NAMES } from "../scenario/types.js";
import { FIELD_OPTIONS, RUN, UI_DOES } from "./run-options.js";

/** The commands, as help, completion and the reading of their arguments see them. */

const TEXT_OR_JSON = {
  type: "string",
  value: "FORMAT",
  default: "terminal",
  choices: ["terminal", "json"],
  does: "terminal, json",
} as const;

const REPORT_FILE = {
  type: "string",
  short: "o",
  value: "FILE",
  does: "where the report goes, in place of stdout; one that ends in .html is a page",
} as const;

export const LIST = {
  name: "list",
  usage: ["[options]"],
  does: "what scenarios there are, one line each",
  about: ["The scenarios in ./scenarios and those that come with bench, one line each."],
  takes: "nothing",
  options: { format: TEXT_OR_JSON },
} as const satisfies Definition;

export const SHOW = {
  name: "show",
  usage: ["<scenario> [options]"],
  does: "one scenario, as a file that can be run",
  about: [
    "Prints the scenario as YAML that `bench run` takes, with all that the options change. Without such options it is the file as it was written.",
  ],
  takes: "scenarios",
  options: {
    resolved: {
      type: "boolean",
      default: false,
      does: "every field of every variant as it would run, nothing left to a default; not a file to be run",
    },
    ...FIELD_OPTIONS,
  },
} as const satisfies Definition;

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

export const STATES = {
  name: "states",
  usage: ["[--pid N | --lab] [options]"],
  does: "TCP states by side and port",
  about: [
    'The table of TCP states, IPv4 and IPv6, and what each state belongs to: which port of ours was connected to ("accepted on"), or which port we connected to ("made to"). Of this machine, unless --pid or --lab says otherwise.',
    "The first line is what the kernel keeps count of, at the same cost however many sockets there are; its TIME_WAIT includes closed sockets that wait in FIN_WAIT2. Up to 100,000 sockets are then read one by one (some 0.4 µs each). Of more, without --full or --port, the kernel leaves out those in TIME_WAIT (some 0.1 µs each), whose number it knows.",
    'IPv6 includes connections over IPv4 that an IPv6 socket carries. "?": nothing listens on either port, and which end is the service is a guess: the port outside of ip_local_port_range, else the one that more sockets have, else the lower. A process whose namespace may not be entered is read from outside, as text.',
  ],
  takes: "nothing",
  options: {
    pid: { type: "string", value: "N", does: "of the network namespace that process N is in" },
    lab: {
      type: "boolean",
      default: false,
      does: "of each host of the labs that run now (this user's; everybody's for root)",
    },
    port: {
      type: "string",
      value: "8080",
      multiple: true,
      does: "only sockets with this port at either end, which the kernel picks out; may be given again",
    },
    full: { type: "boolean", default: false, does: "reads every socket, however many there are" },
    watch: {
      type: "string",
      value: "[1s]",
      does: "again every second, or as often as it says, until Ctrl-C",
    },
    format: {
      type: "string",
      value: "FORMAT",
      default: "terminal",
      choices: ["terminal", "json", "markdown"],
      does: "terminal, json (all groups; with --watch one document a line), markdown",
    },
  },
  exits: [
    "0 fine, also after --watch and Ctrl-C",
    "2 bad usage, or no such process",
    "3 nothing to be read, or no lab runs",
  ],
} as const satisfies Definition;

export const WATCH = {
  name: "watch",
  usage: ["[--pid N | --netns PATH] [options]"],
  does: "a service that runs: who closes, ports left, until when",
  about: [
    "Watches a network namespace, and changes nothing: for each peer and port how many connections there are, how many this end closes a second, how many local ports they hold, and at this rate, when connect() becomes slow (half of the ports) and when none is left. Without --pid or --netns, of this machine.",
    "The first reading already tells the last 60 s: what is left of each TIME_WAIT dates its close. What the other end closed first, or a reset ended, leaves none here.",
    "Of another user's process only root sees whose socket it is. Where its namespace may not be entered there is no forecast. A large table is read less often: for 1 % of a processor, but once a minute.",
  ],
  takes: "nothing",
  options: {
    pid: { type: "string", value: "N", does: "the network namespace that process N is in" },
    netns: { type: "string", value: "PATH", does: "the one that a file stands for: /run/netns/blue" },
    port: {
      type: "string",
      value: "8080",
      multiple: true,
      does: "only this port, at either end; may be given again",
    },
    every: { type: "string", value: "5s", default: "5s", does: "how often it is read" },
    count: { type: "string", value: "N", does: "so many readings; else until Ctrl-C" },
    format: {
      ...TEXT_OR_JSON,
      does: "terminal (else one line a reading), json (one document a line)",
    },
    listen: {
      type: "string",
      value: "[IP:]PORT",
      does: "serves the last reading to Prometheus at /metrics; without IP to this machine alone",
    },
  },
  exits: [
    "0 fine, also after Ctrl-C, or when the process has ended",
    "2 bad usage, or no such process",
    "3 cannot be read, or cannot listen",
  ],
} as const satisfies Definition;

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

export const DOCTOR = {
  name: "doctor",
  usage: ["[options]"],
  does: "tries what this machine can do",
  about: ["Really tries each thing that a run may need, and says how to mend what fails."],
  takes: "nothing",
  options: { format: TEXT_OR_JSON },
  exits: ["0 this machine can do the main job", "3 it cannot, as it should be done"],
} as const satisfies Definition;

export const INIT = {
  name: "init",
  usage: ["[options]"],
  does: "writes a scenario for a service of your own",
  about: [
    "Writes a scenario with comments, which asks of your service whether it uses connections again. Run it, then change it.",
  ],
  takes: "nothing",
  options: {
    command: {
      type: "string",
      value: "CMD",
      does: "how the service is started, from the folder of the new file; {host} and {port} stand for where it has to listen",
    },
    port: { type: "string", value: "8080", does: "the port on which the service listens" },
    path: { type: "string", value: "/", default: "/", does: "what is asked for" },
    output: {
      type: "string",
      short: "o",
      value: "FILE",
      default: "my-service.yaml",
      does: "where it goes; a file that exists is never replaced",
    },
  },
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

export const COMPLETION = {
  name: "completion",
  usage: ["<shell>"],
  does: "what makes bash, zsh or fish complete all this",
  about: [
    "Prints a script that completes commands, options, their values and the names of scenarios.",
    'bash: eval "$(bench completion bash)" in ~/.bashrc.',
    'zsh: eval "$(bench completion zsh)" in ~/.zshrc, after compinit.',
    "fish: bench completion fish > ~/.config/fish/completions/bench.fish",
  ],
  takes: "shells",
  options: {},
} as const satisfies Definition;

export const HELP = {
  name: "help",
  usage: ["[command]"],
  does: "this overview, or all about one command",
  about: ["The overview of all commands, or the help of one of them."],
  takes: "commands",
  options: {},
} as const satisfies Definition;

/** In the order in which the help shows them. */
const ALL = [
  RUN,
  INIT,
  LIST,
  SHOW,
  REPORT,
  REPLAY,
  COMPARE,
  STATES,
  WATCH,
  AUDIT,
  WORKSHOP,
  DOCTOR,
  COMPLETION,
  HELP,
] as const;
export type CommandName = (typeof ALL)[number]["name"];
export const COMMANDS: readonly (Definition & { name: CommandName })[] = ALL;
