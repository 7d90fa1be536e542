import type { Override } from "../scenario/overrides.js";
import { LANG } from "./language.js";
import type { Definition } from "./definition.js";

/** The options that change fields of the scenario. */
export const FIELD_OPTIONS = {
  duration: { type: "string", value: "5s", does: "how long each variant's load lasts (500ms, 10s, 2m)" },
  connections: { type: "string", value: "50", does: "connections that are open at the same time" },
  rate: { type: "string", value: "2000", does: "requests per second to start, however long answers take" },
  client: {
    type: "string",
    value: "NAME",
    does: "what makes the load: auto, epoll, undici, autocannon, go",
  },
  server: { type: "string", value: "NAME", does: "what serves: node, epoll, go (other kinds need --set)" },
  set: {
    type: "string",
    value: "load.path=/x",
    multiple: true,
    does: "sets any field of the scenario, dotted; may be given again",
  },
  only: { type: "string", value: "NAME,…", does: "only these variants" },
} as const;

export const UI_DOES =
  "a page on 127.0.0.1 that shows it while it happens, and at the end is the report; on a terminal it is opened in a browser, and its address is told";

export const RUN = {
  name: "run",
  usage: ["<scenario…> [options]"],
  does: "runs scenarios, saves and shows what was measured",
  about: ["Runs scenarios: a name from `bench list`, a folder of them, or a path to a file."],
  takes: "scenarios",
  options: {
    ...FIELD_OPTIONS,
    trials: {
      type: "string",
      value: "3",
      default: "1",
      does: "how often each variant is measured; figures are medians",
    },
    base: {
      type: "string",
      value: "CMD",
      does: "with --head: two servers in turn, started by these commands in the current folder, and judged as `bench compare --sides` does. Each variant x runs as x-base and x-head; best with --trials 10",
    },
    head: { type: "string", value: "CMD", does: "the other side of --base" },
    "base-ref": {
      type: "string",
      value: "main",
      does: "the same for two git revisions: each with the scenario's own server.command, in a worktree of its own that is removed afterwards",
    },
    "head-ref": { type: "string", value: "HEAD", does: "the other side of --base-ref; HEAD unless it is given" },
    build: { type: "string", value: "'npm ci'", does: "what is run in each worktree first" },
    gates: { type: "string", value: "FILE", does: "of two sides: what must hold, as in `bench compare`" },
    strict: {
      type: "boolean",
      default: false,
      does: "of two sides: exit code 4 when something that is judged is unclear",
    },
    isolation: {
      type: "string",
      value: "HOW",
      default: "auto",
      choices: ["auto", "namespace", "none"],
      does: "auto, namespace (or fail), none (loopback of this machine)",
    },
    output: {
      type: "string",
      short: "o",
      value: "FILE",
      does: "where the result goes; else results/<scenario>/<timestamp>.json. One that ends in .html gets the report as a page, and the result goes where it goes else",
    },
    "save-baseline": {
      type: "string",
      value: "FILE",
      does: "a small file for `bench compare --baseline`, to be committed; only of a run that was completed",
    },
    format: {
      type: "string",
      value: "FORMAT",
      default: "terminal",
      choices: ["terminal", "json", "markdown", "junit", "csv", "html"],
      does: "what goes to stdout: terminal, json, markdown, junit, csv, html (a page in one file, with charts)",
    },
    lang: LANG,
    live: {
      type: "boolean",
      default: false,
      does: "the whole screen shows the run as it happens: each host's sockets by state, TIME_WAIT over time, rate, latencies, ports. The default on a terminal of 100 × 30 and more",
    },
    "no-live": { type: "boolean", default: false, does: "a line of progress in its place" },
    ui: { type: "boolean", default: false, does: UI_DOES },
    verbose: {
      type: "boolean",
      default: false,
      does: "a line on stderr for each thing that is done: when, how long, on which host, by which command line",
    },
    quiet: { type: "boolean", short: "q", default: false, does: "no progress and no hints on stderr" },
  },
  exits: [
    "0 fine",
    "1 an expectation or a gate does not hold, or head is worse",
    "2 bad usage or scenario",
    "3 could not be completed",
    "4 unclear (--strict)",
    "130 interrupted",
  ],
} as const satisfies Definition;

/** Short ways to set one field of the scenario. */
const FIELD_OF_OPTION = {
  duration: "load.duration",
  connections: "load.connections",
  rate: "load.rate",
  client: "load.client",
  server: "server.kind",
} as const;

export type FieldValues = Partial<Record<keyof typeof FIELD_OF_OPTION, string | undefined>> & {
  set?: string[] | undefined;
};

/** Options and `--set` as overrides of the scenario; what comes later on that list wins. */
export function overridesFrom(values: FieldValues): Override[] {
  const short = Object.entries(FIELD_OF_OPTION).flatMap(([name, path]) => {
    const value = values[name as keyof typeof FIELD_OF_OPTION];
    return value === undefined ? [] : [{ path, value, option: `--${name} ${value}` }];
  });
  const set = (values.set ?? []).map((text) => {
    const at = text.indexOf("=");
    return at < 0
      ? { path: text, value: "", option: `--set ${text}` }
      : { path: text.slice(0, at), value: text.slice(at + 1), option: `--set ${text}` };
  });
  return [...short, ...set];
}
