import type { Definition } from "../definition.js";

/** Commands about the commands. */

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
