import { expect, test } from "vitest";
import { COMMANDS } from "../../src/commands/definitions/commands.js";
import { helpOf, overview } from "../../src/commands/help.js";

const texts = (): string[] => [
  overview("time-wait-bench"),
  ...COMMANDS.map((command) => helpOf(command, "time-wait-bench")),
];

test("every help fits a terminal of 80 columns", () => {
  const lines = texts().flatMap((text) => text.split("\n"));
  expect(lines.filter((line) => line.length > 80)).toEqual([]);
});

test("every option is told in the help of its command, by all its names", () => {
  for (const command of COMMANDS)
    for (const [name, option] of Object.entries(command.options)) {
      const called = option.short === undefined ? `  --${name}` : `  -${option.short}, --${name}`;
      expect(helpOf(command, "bench")).toContain(called);
    }
});

test("a help speaks of the program by the name that it was called by", () => {
  expect(overview("time-wait-bench")).toMatch(/^ {2}time-wait-bench run <scenario…>/mu);
  expect(helpOf(COMMANDS[0]!, "bench")).toMatch(/^bench run <scenario…> \[options\]$/mu);
});
