import { describe, expect, test } from "vitest";
import { auditeesFrom, splitArgs } from "../../src/commands/auditees.js";

const lineOf = (words: readonly string[], name = "wrk"): string => auditeesFrom([name], words)[0]!.command!.line;

test("what stands behind -- is a command line, also what looks like an option", () => {
  expect(splitArgs(["wrk", "--quiet"])).toEqual({ before: ["wrk", "--quiet"], command: null });
  expect(splitArgs(["wrk", "--", "-c", "5", "--", "x"])).toEqual({ before: ["wrk"], command: ["-c", "5", "--", "x"] });
});

describe("a command line", () => {
  test.each([
    [["-c", "5", "{url}"], "wrk -c 5 {url}"],
    [["wrk", "-c", "5", "{url}"], "wrk -c 5 {url}"],
    [["-H", "Connection: close", "{url}"], "wrk -H 'Connection: close' {url}"],
    [["-H", "it's", "{url}"], String.raw`wrk -H 'it'\''s' {url}`],
    // No real service is sent anything.
    [["-c", "5", "http://example.com:8080/path?x=1"], "wrk -c 5 'http://{host}:{port}/path?x=1'"],
    [["https://example.com"], "wrk http://{host}:{port}"],
    // One word is a line for the shell.
    [["echo GET {url} | wrk"], "echo GET {url} | wrk"],
  ])("%j", (words, line) => expect(lineOf(words)).toBe(line));

  test("of a program that is known is read, of any other it is not", () => {
    expect(auditeesFrom(["wrk"], ["{url}"])[0]).toMatchObject({ client: "command", command: { reads: "wrk" } });
    expect(auditeesFrom(["curl"], ["-s", "{url}"])[0]).toMatchObject({
      command: { reads: null, line: "curl -s {url}" },
    });
  });
});

test("several programs, each once, ours among them", () => {
  expect(auditeesFrom(["wrk", "epoll", "wrk"], null)).toEqual([
    { name: "wrk", client: "wrk", command: null, isOurs: false },
    { name: "epoll", client: "epoll", command: null, isOurs: true },
  ]);
});

test.each([
  [[], null, /needs a program/u],
  [["wkr"], null, /does not know how wkr is called/u],
  [["wrk", "ab"], ["{url}"], /of one program/u],
  [["wrk"], ["-c", "5"], /names no address/u],
  [["wrk"], [], /names no address/u],
  [["epoll"], ["{url}"], /has no command line/u],
] as const)("%j -- %j is refused", (names, command, sentence) => {
  expect(() => auditeesFrom(names, command)).toThrow(sentence);
});
