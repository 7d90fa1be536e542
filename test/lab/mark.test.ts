import { expect, test } from "vitest";
import { hostMark, markedHost } from "../../src/lab/mark.js";

const agent = ["/usr/bin/node", "/any/where/dist/agent.js", hostMark("this machine")];

test("an agent is known by its arguments, with the name of its host", () => {
  expect(markedHost(agent)).toBe("this machine");
});

test.each([
  ["what leads an agent into its namespace", ["unshare", "--net", "--", ...agent]],
  ["a program that has the mark as its own argument", ["grep", hostMark("server")]],
  ["another script with the mark", ["node", "/x/other.js", hostMark("server")]],
  ["an agent without a mark", agent.slice(0, 2)],
  ["a process of which nothing is left", []],
])("%s is none", (_what, commandLine) => expect(markedHost(commandLine)).toBeNull());
