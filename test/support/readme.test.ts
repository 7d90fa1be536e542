import { describe, expect, test } from "vitest";
import { commandsOf, filesOf, markdownFiles, parseBlocks } from "./readme.js";

const fence = (first: string, ...lines: string[]): string => ["```" + first, ...lines, "```", ""].join("\n");

describe("the blocks of a Markdown text", () => {
  test("have a language, words, a text and a place", () => {
    const text = ["# Title", "", fence("sh shown", "one", "two"), fence("yaml", "a: 1")].join("\n");
    expect(parseBlocks(text)).toEqual([
      { language: "sh", words: ["shown"], text: "one\ntwo\n", line: 3 },
      { language: "yaml", words: [], text: "a: 1\n", line: 8 },
    ]);
  });
});

describe("the commands of a block", () => {
  const commands = (first: string, ...lines: string[]) => parseBlocks(fence(first, ...lines)).flatMap(commandsOf);

  test("are its lines without comments, each with the exit code that it has to end with", () => {
    expect(commands("sh", "# first", "npx bench list  # what there is", "", "false # exit code 1: it fails")).toEqual([
      { command: "npx bench list", exitCode: 0 },
      { command: "false", exitCode: 1 },
    ]);
  });

  test("go on behind a backslash", () => {
    expect(commands("sh", "npx bench run x \\", "  --duration 1s")).toEqual([
      { command: "npx bench run x --duration 1s", exitCode: 0 },
    ]);
  });

  test("are none where they are only shown, or of another language", () => {
    expect([commands("sh shown", "rm -rf /"), commands("console", "$ rm -rf /")]).toEqual([[], []]);
  });
});

test("a block that begins with a file's name is that file, unless it is only shown", () => {
  const text = [
    fence("yaml", "# my-service.yaml", "title: t"),
    fence("js", "// my-server.js", "run();"),
    fence("yaml", "# a comment", "title: t"),
    fence("yaml shown", "# ci.yaml"),
  ].join("\n");
  expect(filesOf(parseBlocks(text))).toEqual([
    { name: "my-service.yaml", text: "# my-service.yaml\ntitle: t\n" },
    { name: "my-server.js", text: "// my-server.js\nrun();\n" },
  ]);
});

test("the Markdown files of the project are found, and none of a dependency", () => {
  expect(markdownFiles()).toEqual(expect.arrayContaining([".github/CONTRIBUTING.md", "README.md"]));
  expect(markdownFiles().filter((file) => file.includes("node_modules"))).toEqual([]);
});
