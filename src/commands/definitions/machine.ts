import type { Definition } from "../definition.js";
import { LANG } from "../language.js";
import { TEXT_OR_JSON } from "./formats.js";

/** Commands about this machine as it is. */

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
    lang: LANG,
    record: {
      type: "string",
      value: "FILE",
      does: "writes what was seen as a result, at the end, for bench report, replay, compare and import; - is stdout, with nothing else",
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

export const DOCTOR = {
  name: "doctor",
  usage: ["[options]"],
  does: "tries what this machine can do",
  about: ["Really tries each thing that a run may need, and says how to mend what fails."],
  takes: "nothing",
  options: { format: TEXT_OR_JSON },
  exits: ["0 this machine can do the main job", "3 it cannot, as it should be done"],
} as const satisfies Definition;
