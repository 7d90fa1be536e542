import type { ExitCode } from "../errors.js";
import { benchVersion } from "../result/environment.js";
import type { World } from "./world.js";

interface Command {
  name: string;
  usage: string;
  /** One line, for the overview. */
  does: string;
  help: string;
  /** Loads its code when it is called: all of it together takes three times as long to start as a quick look. */
  run(args: readonly string[], world: World): Promise<ExitCode>;
}

const RUN_HELP = `bench run <scenario…> [options]

Runs scenarios: a name from \`bench list\`, a folder of them, or a path to a file.

  --duration 5s            how long each variant's load lasts (500ms, 10s, 2m)
  --connections 50         connections open at the same time
  --rate 2000              requests per second to start, however long answers take
  --client NAME            auto, epoll, undici, autocannon, go
  --server NAME            node, epoll, go (what else a kind needs: --set)
  --only close,keep-alive  only these variants
  --set load.path=/x       any field of the scenario, dotted; may be given again
  --trials 3               how often each variant is measured; figures are medians
  --base CMD --head CMD    two servers in turn, started by these commands, and judged like \`bench compare --sides\` does:
                           each variant x runs as x-base and x-head, trial by trial; best with --trials 10
  --base-ref main          the same for two git revisions, each with the scenario's own server.command in a worktree of
  --head-ref HEAD          its own, which is removed afterwards
  --build 'npm ci'         what is run in each worktree first
  --gates FILE --strict    of two sides: as in \`bench compare\`
  --isolation auto         auto, namespace (or fail), none (loopback of this machine)
  --output, -o FILE        where the result goes; default results/<scenario>/<timestamp>.json
  --save-baseline FILE     a small file for \`bench compare --baseline\`, to be committed; only of a run that was completed
  --format terminal        terminal, json, markdown: what goes to stdout
  --quiet, -q              no progress and no hints on stderr

Exit codes: 0 fine · 1 an expectation or a gate does not hold, or head is worse · 2 bad usage or scenario · 3 could not
be completed · 4 unclear (--strict) · 130 interrupted
`;

const REPORT_HELP = `bench report <result> [options]

Draws a saved result again.

  --scenario NAME    only the result of this scenario, where the file has several; of a claim, its whole report
  --format terminal  terminal, json, markdown
`;

const COMPARE_HELP = `bench compare <base> <head> [options]
bench compare --baseline FILE <head>
bench compare --sides base,head <result>

Judges head against base: two results of one scenario, or two variants of one result.
What connections do is judged always; how fast it went only between results of one machine.

  --baseline FILE      the base, for instance one that \`bench run --save-baseline\` wrote
  --variant close,…    only these variants
  --sides base,head    variants of these names, or that end in -base and -head, from one result
  --gates FILE         a YAML list of what must hold, instead of the scenario's own gates:
                         - connections.requestsPer >= 0.9 * base
                         - latencyUs.p99 not worse
  --strict             exit code 4 when something that is judged is unclear
  --format terminal    terminal, markdown, junit, json, csv (each figure of each trial)

With GITHUB_STEP_SUMMARY set, the Markdown is added to that file as well.
Exit codes: 0 no gate breaks · 1 one breaks, or without gates something is worse · 2 not comparable · 4 unclear (--strict)
`;

const STATES_HELP = `bench states [--pid N | --lab] [options]

The table of TCP states, IPv4 and IPv6, and what each state belongs to: which port of ours was connected to
("accepted on"), or which port we connected to ("made to"). Of this machine, unless it says otherwise:

  --pid N              of the network namespace that process N is in
  --lab                of each host of the labs that run now (this user's; everybody's for root)
  --port 8080          only sockets with this port at either end, which the kernel picks out; may be given again
  --full               reads every socket, however many there are
  --watch [1s]         again every second, or as often as it says, until Ctrl-C
  --format terminal    terminal, json (all groups; with --watch one document a line), markdown

The first line is what the kernel keeps count of, at the same cost however many sockets there are; its TIME_WAIT
includes closed sockets that wait in FIN_WAIT2. Up to 100,000 sockets are then read one by one (some 0.4 µs each). Of
more, without --full or --port, the kernel leaves out those in TIME_WAIT (some 0.1 µs each), whose number it knows.
IPv6 includes connections over IPv4 that an IPv6 socket carries. "?": nothing listens on either port, and which end is
the service is a guess: the port outside of ip_local_port_range, else the one that more sockets have, else the lower.
A process whose namespace may not be entered is read from outside, as text.

Exit codes: 0 fine, also after --watch and Ctrl-C · 2 bad usage, or no such process · 3 nothing to be read, or no lab runs
`;

export const commands: readonly Command[] = [
  {
    name: "run",
    usage: "run <scenario…>",
    does: "runs scenarios, saves the result, shows the report",
    help: RUN_HELP,
    run: async (args, world) => (await import("./run.js")).run(args, world),
  },
  {
    name: "list",
    usage: "list",
    does: "what scenarios there are, one line each",
    help: "bench list\n\nThe scenarios of this folder and those that come with bench, one line each.\n",
    run: async (args, world) => (await import("./list.js")).list(args, world),
  },
  {
    name: "show",
    usage: "show <scenario>",
    does: "one scenario, fully resolved, with its explanation",
    help: "bench show <scenario> [--set FIELD=VALUE]\n\nWhat it shows or puts to the test, and how it would run: nothing left to a default.\n",
    run: async (args, world) => (await import("./show.js")).show(args, world),
  },
  {
    name: "report",
    usage: "report <result>",
    does: "draws a saved result again",
    help: REPORT_HELP,
    run: async (args, world) => (await import("./report.js")).report(args, world),
  },
  {
    name: "compare",
    usage: "compare <base> <head>",
    does: "judges two results, for CI",
    help: COMPARE_HELP,
    run: async (args, world) => (await import("./compare.js")).compare(args, world),
  },
  {
    name: "states",
    usage: "states",
    does: "TCP states by side and port: here, of a process, of running labs",
    help: STATES_HELP,
    run: async (args, world) => (await import("./states.js")).states(args, world),
  },
  {
    name: "doctor",
    usage: "doctor",
    does: "tries what this machine can do, and says how to mend the rest",
    help: "bench doctor\n\nTries each thing that a run may need. Exit code 3 when the main job cannot be done as it should.\n",
    run: async (args, world) => (await import("./doctor.js")).doctor(args, world),
  },
];

export function helpText(): string {
  const width = Math.max(...commands.map(({ usage }) => usage.length));
  const lines = commands.map(({ usage, does }) => `  bench ${usage.padEnd(width)}  ${does}`);
  return [
    "bench: reproduces TIME_WAIT, measures it, explains it",
    "",
    ...lines,
    "",
    "Start with: bench run close-vs-keepalive",
    "Options of a command: bench <command> --help",
    "",
  ].join("\n");
}

export function versionText(): string {
  return `time-wait-bench ${benchVersion()}\n`;
}
