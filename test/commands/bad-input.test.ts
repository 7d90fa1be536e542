import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { benchHere } from "../support/here.js";
import { temporaryFolder } from "../support/temporary.js";

const STACK = /^\s+at .*\(?.*:\d+:\d+\)?$/mu;

const FIVE_MISTAKES = `title: five mistakes
lab:
  topologi: two-hosts
server:
  kind: nodejs
load:
  connections: many
  duration: 10
variants:
  close: { load: { connection: close } }
expect:
  - close.timeWait.server.peek > 1000
`;

test("five mistakes give five messages with file, line and column, the line and a caret, in one go", async () => {
  const cwd = temporaryFolder();
  writeFileSync(join(cwd, "five.yaml"), FIVE_MISTAKES);
  const run = await benchHere(["run", "five.yaml"], { cwd });
  expect(run.exitCode).toBe(2);
  expect(run.stdout).toBe("");
  const places = [...run.stderr.matchAll(/five\.yaml:(\d+):(\d+): /gu)].map(([, line, column]) => `${line}:${column}`);
  expect(places).toEqual(["3:3", "5:9", "7:16", "8:13", "12:11"]);
  for (const line of [3, 5, 7, 8, 12]) expect(run.stderr).toContain(FIVE_MISTAKES.split("\n")[line - 1]!.trim());
  expect(run.stderr.match(/^[^\w]*\^/gmu)).toHaveLength(5);
  expect(run.stderr).toContain("did you mean `topology`");
  expect(run.stderr).not.toMatch(STACK);
});

const bomb = `a: &a [x,x,x,x,x,x,x,x,x]\n${["b", "c", "d", "e", "f", "g", "h"]
  .map((name, at) => `${name}: &${name} [${Array<string>(9).fill(`*${"abcdefg"[at]}`).join(",")}]`)
  .join("\n")}\n`;

test.each<[string, string | Buffer]>([
  ["an empty file", ""],
  ["binary", Buffer.from([0, 255, 254, 0, 1, 2, 3])],
  ["a YAML bomb", bomb],
  ["10 MB", Buffer.alloc(10 * 1024 * 1024, "title: x\n")],
  ["no YAML", "title: [unclosed"],
  ["a list", "- title"],
  ["a word", "scenario"],
  ["a line of control codes", "title: \u001b[31mred\nvariants: 7"],
])("%s gives a sentence, exit code 2, and no stack trace", async (_what, content) => {
  const cwd = temporaryFolder();
  writeFileSync(join(cwd, "bad.yaml"), content);
  const run = await benchHere(["run", "bad.yaml"], { cwd });
  expect(run.exitCode).toBe(2);
  expect(run.stdout).toBe("");
  expect(run.stderr).toMatch(/^error: \S/u);
  expect(run.stderr).not.toMatch(STACK);
  expect(run.stderr).not.toContain("\u001b");
  expect(run.stderr.length).toBeLessThan(4_000);
});

test.each([
  [["run"], /needs a scenario/u],
  [["run", "no-such-scenario"], /no-such-scenario/u],
  [["run", "missing.yaml"], /missing\.yaml/u],
  [["run", "folder"], /folder/u],
  [["run", "who-closes", "--trials", "0"], /--trials takes a whole number/u],
  [["run", "who-closes", "--trials", "x"], /--trials takes a whole number/u],
  [["run", "who-closes", "--duration", "5x"], /--duration 5x/u],
  [["run", "who-closes", "--connections", "-1"], /--connections/u],
  [["run", "who-closes", "--rate", "fast"], /--rate fast/u],
  [["run", "who-closes", "--rate", "0"], /--rate 0/u],
  [["run", "who-closes", "--rate", "50", "--client", "autocannon"], /autocannon keeps no rate/u],
  [["run", "who-closes", "--format", "jsn"], /--format does not take "jsn"[^]*Did you mean json/u],
  [["run", "who-closes", "--isolation", "docker"], /--isolation does not take/u],
  [["run", "who-closes", "--client", "curl"], /--client curl/u],
  [["run", "who-closes", "--only", "nothing"], /nothing/u],
  [["run", "who-closes", "--set", "load.conections=3"], /did you mean `load\.connections`/u],
  [["run", "who-closes", "--set", "load.connections"], /--set load\.connections/u],
  [["run", "who-closes", "--output", "/proc/none/r.json"], /cannot be written[^]*--output/u],
  [["run", "who-closes", "--durtion", "5s"], /no option --durtion[^]*Did you mean --duration/u],
  [["runn"], /no command "runn"[^]*Did you mean run/u],
  [
    ["run", "who-closes", "--set", "server.kind=command", "--set", "server.command=x", "--set", "server.cwd=gone"],
    /\/gone, and there is no such folder/u,
  ],
  [["init", "--port", "0"], /--port takes a whole number/u],
  [["init", "--output", "x.txt"], /x\.txt does not end in \.yaml/u],
  [["list", "x"], /list takes no "x"/u],
  [["help", "runn"], /no command "runn"[^]*Did you mean run/u],
  [["completion", "basj"], /completes nothing in "basj"[^]*Did you mean bash/u],
  [["doctor", "--format", "yaml"], /--format does not take "yaml"/u],
  [["report"], /takes one result/u],
  [["report", "missing.json"], /there is no file .*missing\.json/u],
  [["show"], /takes one scenario/u],
] as const)("bench %j: a sentence, a hint, exit code 2", async (args, sentence) => {
  const cwd = temporaryFolder();
  mkdirSync(join(cwd, "folder"));
  const run = await benchHere(args, { cwd });
  expect(run.exitCode).toBe(2);
  expect(run.stdout).toBe("");
  expect(run.stderr).toMatch(/^error: /u);
  expect(run.stderr).toMatch(sentence);
  expect(run.stderr).toMatch(/^hint: /mu);
  expect(run.stderr).not.toMatch(STACK);
});

test("help, version and the list go to stdout and end with 0", async () => {
  const cwd = temporaryFolder();
  for (const args of [["--help"], ["help"], ["run", "--help"], ["--version"], ["list"], ["show", "who-closes"]]) {
    const run = await benchHere(args, { cwd });
    expect(run).toMatchObject({ exitCode: 0, stderr: "" });
    expect(run.stdout).not.toBe("");
  }
  expect((await benchHere([], { cwd })).exitCode).toBe(2);
});

test("of several scenarios with mistakes every one is told", async () => {
  const cwd = temporaryFolder();
  writeFileSync(join(cwd, "one.yaml"), "title: t\nvariants: { a: {} }\nlod: {}\n");
  writeFileSync(join(cwd, "two.yaml"), "title: t\nvariants: { a: {} }\nload: { conections: 3 }\n");
  const run = await benchHere(["run", "one.yaml", "two.yaml"], { cwd });
  expect(run.exitCode).toBe(2);
  expect(run.stderr).toContain("one.yaml:3:1");
  expect(run.stderr).toContain("two.yaml:3:9");
});
