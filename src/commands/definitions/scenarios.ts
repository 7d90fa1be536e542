import type { Definition } from "../definition.js";
import { FIELD_OPTIONS } from "../run-options.js";
import { TEXT_OR_JSON } from "./formats.js";

/** Commands about scenarios, of which none runs. */

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
