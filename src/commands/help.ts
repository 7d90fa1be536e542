import { BenchError, EXIT, type ExitCode } from "../errors.js";
import { wrap } from "../text/wrap.js";
import { benchVersion } from "../result/environment.js";
import type { Definition, Option } from "./definition.js";
import { COMMANDS } from "./definitions/commands.js";
import { HELP } from "./definitions/helping.js";
import { parse, suggestion } from "./options.js";
import type { World } from "./world.js";

/** A terminal of this width shows every help as it is meant. */
const WIDTH = 80;
/** Names of options that are longer have a line of their own. */
const WIDEST_NAME = 24;

/** The overview, or the help of one command. */
export async function help(args: readonly string[], world: World): Promise<ExitCode> {
  const { positionals } = parse(HELP, args);
  const [name, ...more] = positionals;
  if (more.length > 0) throw new BenchError("bad-usage", "bench help takes one command", "See all of them: bench help");
  world.stdout.write(name === undefined ? overview(world.program) : helpOf(commandCalled(name), world.program));
  return EXIT.ok;
}

export function versionText(): string {
  return `time-wait-bench ${benchVersion()}\n`;
}

/** @throws BenchError `bad-usage` with the nearest name that there is */
export function commandCalled(name: string): Definition {
  const command = COMMANDS.find((candidate) => candidate.name === name);
  if (command !== undefined) return command;
  const known = COMMANDS.map((candidate) => candidate.name);
  throw new BenchError("bad-usage", `there is no command "${name}"`, suggestion(name, known, "See bench --help."));
}

/** @param program as it was called: `bench` or `time-wait-bench` */
export function overview(program: string): string {
  const rows = COMMANDS.map(({ name, usage, does }): [string, string] => [
    `${program} ${name} ${usage[0]!.replace(/ ?\[.*/u, "")}`.trim(),
    does,
  ]);
  return [
    "bench: reproduces TIME_WAIT, measures it, explains it",
    "",
    ...columns(rows),
    "",
    `Start with:            ${program} run close-vs-keepalive`,
    `Your own service:      ${program} init`,
    `Options of a command:  ${program} help <command>`,
    "",
  ].join("\n");
}

export function helpOf({ name, usage, about, options, exits = [] }: Definition, program: string): string {
  const rows = Object.entries(options).map(([option, definition]): [string, string] => [
    call(option, definition),
    definition.does,
  ]);
  const blocks = [
    usage.map((line) => `${program} ${name} ${line}`.trim()),
    ...about.map((paragraph) => wrap(paragraph, WIDTH)),
    columns(rows),
    exits.length === 0 ? [] : wrap(`Exit codes: ${exits.join(" · ")}`, WIDTH),
  ];
  return blocks
    .filter((lines) => lines.length > 0)
    .map((lines) => `${lines.join("\n")}\n`)
    .join("\n");
}

function call(name: string, option: Option): string {
  const short = option.short === undefined ? "" : `-${option.short}, `;
  return `${short}--${name}${option.type === "string" ? ` ${option.value}` : ""}`;
}

/** Names, and beside them what they do, within the width. */
function columns(rows: readonly (readonly [string, string])[]): string[] {
  const beside = Math.min(WIDEST_NAME, Math.max(0, ...rows.map(([name]) => name.length))) + 4;
  return rows.flatMap(([name, does]) => {
    const [first = "", ...rest] = wrap(does, WIDTH - beside);
    const head = `  ${name}`;
    const below = rest.map((line) => " ".repeat(beside) + line);
    return head.length + 2 > beside
      ? [head, ...[first, ...rest].map((line) => " ".repeat(beside) + line)]
      : [head.padEnd(beside) + first, ...below];
  });
}
