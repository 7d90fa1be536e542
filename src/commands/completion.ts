import { BenchError, EXIT, type ExitCode } from "../errors.js";
import { OWN_CLIENTS, TOOL_NAMES } from "../scenario/types.js";
import type { Definition, Option } from "./definition.js";
import { COMMANDS } from "./definitions/commands.js";
import { COMPLETION } from "./definitions/helping.js";
import { parse, suggestion } from "./options.js";
import type { World } from "./world.js";

const SCRIPTS = { bash, zsh, fish } as const;
const SHELLS = Object.keys(SCRIPTS);
const PROGRAMS = "bench time-wait-bench";

/** Prints what makes a shell complete our commands, options and scenarios: made from the table of commands. */
export async function completion(args: readonly string[], world: World): Promise<ExitCode> {
  const { positionals } = parse(COMPLETION, args);
  const [shell = "", ...more] = positionals;
  const script = Object.hasOwn(SCRIPTS, shell) ? SCRIPTS[shell as keyof typeof SCRIPTS] : null;
  if (script === null || more.length > 0)
    throw new BenchError(
      "bad-usage",
      shell === "" || script !== null ? "bench completion takes one shell" : `bench completes nothing in "${shell}"`,
      suggestion(shell, SHELLS, `It knows ${SHELLS.join(", ")}: bench completion bash`),
    );
  world.stdout.write(script());
  return EXIT.ok;
}

/** Words that a shell is to offer: a list, or what a command prints. */
function argumentsOf({ takes }: Definition): { words: readonly string[]; scenarios: boolean; files: boolean } {
  const words = wordsOf(takes);
  return { words, scenarios: takes === "scenarios", files: takes === "scenarios" || takes === undefined };
}

function wordsOf(takes: Definition["takes"]): readonly string[] {
  switch (takes) {
    case "commands":
      return COMMANDS.map(({ name }) => name);
    case "shells":
      return SHELLS;
    case "clients":
      return [...TOOL_NAMES, ...OWN_CLIENTS];
    case "scenarios":
    case "nothing":
    case undefined:
      return [];
  }
}

const isFile = (option: Option): boolean => option.type === "string" && option.value === "FILE";
const choicesOf = (option: Option): readonly string[] => (option.type === "string" ? (option.choices ?? []) : []);

function namesOf(name: string, { short }: Option): string[] {
  return short === undefined ? [`--${name}`] : [`-${short}`, `--${name}`];
}

/** Also for bash 3.2, which has no `mapfile`. */
function bash(): string {
  const cases = COMMANDS.flatMap((command) => {
    const options = Object.entries(command.options);
    const offers = argumentsOf(command);
    const valued = options.filter(([, option]) => option.type === "string");
    const values = valued.map(([name, option]) => {
      const choices = choicesOf(option);
      const offer = isFile(option) ? "-f" : `-W '${choices.join(" ")}'`;
      return `        ${namesOf(name, option).join("|")}) COMPREPLY=($(compgen ${offer} -- "$word")); return ;;`;
    });
    const words = [...options.flatMap(([name, option]) => namesOf(name, option)), "--help"];
    return [
      `    ${command.name})`,
      ...(values.length > 0 ? ['      case "$before" in', ...values, "      esac"] : []),
      `      if [[ $word == -* ]]; then words='${words.join(" ")}'`,
      `      else words='${offers.words.join(" ")}'${offers.scenarios ? '" $("$1" list 2>/dev/null | cut -d" " -f1)"' : ""}; fi`,
      `      files=${offers.files ? "yes" : ""} ;;`,
    ];
  });
  return [
    "_bench() {",
    '  local word="${COMP_WORDS[COMP_CWORD]}" before="${COMP_WORDS[COMP_CWORD-1]}" words="" files=""',
    "  COMPREPLY=()",
    "  if [[ $COMP_CWORD -eq 1 ]]; then",
    `    COMPREPLY=($(compgen -W '${COMMANDS.map(({ name }) => name).join(" ")} --help --version' -- "$word"))`,
    "    return",
    "  fi",
    '  case "${COMP_WORDS[1]}" in',
    ...cases,
    "  esac",
    '  COMPREPLY=($(compgen -W "$words" -- "$word"))',
    '  if [[ -n $files && $word != -* ]]; then COMPREPLY+=($(compgen -f -- "$word")); fi',
    "}",
    `complete -F _bench ${PROGRAMS}`,
    "",
  ].join("\n");
}

function zsh(): string {
  // In a specification of _arguments these characters end a part of it.
  const escaped = (text: string): string => text.replaceAll(/[\\[\]:]/gu, String.raw`\$&`);
  const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;
  const specification = (name: string, option: Option): string[] =>
    namesOf(name, option).map((called) => {
      const repeats = option.type === "string" && option.multiple === true ? "*" : "";
      const choices = choicesOf(option);
      const value =
        option.type === "boolean"
          ? ""
          : `:${escaped(option.value)}:${isFile(option) ? "_files" : `(${choices.join(" ")})`}`;
      return quoted(`${repeats}${called}[${escaped(option.does)}]${value}`);
    });
  const cases = COMMANDS.flatMap((command) => {
    const { words, scenarios, files } = argumentsOf(command);
    const rest = scenarios
      ? "*:scenario:_bench_scenarios"
      : files
        ? "*:file:_files"
        : `*:${command.name}:(${words.join(" ")})`;
    const all = Object.entries(command.options).flatMap(([name, option]) => specification(name, option));
    return [`    ${command.name}) _arguments ${[...all, quoted(rest)].join(" ")} ;;`];
  });
  return [
    `#compdef ${PROGRAMS}`,
    "_bench_scenarios() {",
    '  local -a names; names=(${(f)"$($bench list 2>/dev/null | cut -d" " -f1)"})',
    "  _alternative 'scenarios:scenario:compadd -a names' 'files:file:_files'",
    "}",
    "_bench() {",
    "  local bench=$words[1]",
    "  if (( CURRENT == 2 )); then",
    `    local -a commands; commands=(${COMMANDS.map(({ name, does }) => quoted(`${name}:${escaped(does)}`)).join(" ")})`,
    "    _describe command commands; return",
    "  fi",
    "  shift words; (( CURRENT-- ))",
    "  case $words[1] in",
    ...cases,
    "  esac",
    "}",
    `compdef _bench ${PROGRAMS}`,
    "",
  ].join("\n");
}

function fish(): string {
  const quoted = (text: string): string => `'${text.replaceAll(/[\\']/gu, String.raw`\$&`)}'`;
  const linesOf = (command: Definition, program: string): string[] => {
    const { words, scenarios, files } = argumentsOf(command);
    const here = `complete -c ${program} -n ${quoted(`__fish_seen_subcommand_from ${command.name}`)}`;
    const options = Object.entries(command.options).map(([name, option]) => {
      const short = option.short === undefined ? "" : ` -s ${option.short}`;
      const offer = isFile(option) ? " -r -F" : ` -x -a ${quoted(choicesOf(option).join(" "))}`;
      return `${here} -l ${name}${short}${option.type === "boolean" ? "" : offer} -d ${quoted(option.does)}`;
    });
    return [
      `complete -c ${program} -n __fish_use_subcommand -a ${command.name} -d ${quoted(command.does)}`,
      ...options,
      ...(files ? [`${here} -F`] : []),
      ...(words.length > 0 ? [`${here} -a ${quoted(words.join(" "))}`] : []),
      ...(scenarios ? [`${here} -a ${quoted(`(${program} list 2>/dev/null | string replace -r ' .*' '')`)}`] : []),
    ];
  };
  const lines = PROGRAMS.split(" ").flatMap((program) =>
    [`complete -c ${program} -f`].concat(COMMANDS.flatMap((command) => linesOf(command, program))),
  );
  return [...lines, ""].join("\n");
}
