import { expect, test } from "vitest";
import { hintForListener, listenersAsText } from "../../src/server/listeners.js";

const WANTED = { address: "198.18.0.1", port: 8080 };
const at = (address: string, port: number) => ({ address, port, program: "node" });

test("what listens is told by address, port and program", () => {
  expect(listenersAsText([])).toBe("; it listens on no port");
  expect(listenersAsText([at("127.0.0.1", 3000), { address: "::1", port: 1, program: null }])).toBe(
    "; it listens on 127.0.0.1:3000 (node), [::1]:1",
  );
});

test.each([
  ["nothing listens", [], /^later$/u],
  ["all is as it should be", [at("198.18.0.1", 8080)], /^later$/u],
  ["every address", [at("127.0.0.1", 9), at("::", 8080)], /^later$/u],
  ["loopback", [at("127.0.0.1", 8080)], /listens on 127\.0\.0\.1; .*listen on \{host\}, here 198\.18\.0\.1/u],
  ["another port", [at("::", 3000)], /^It listens on port 3000 instead of 8080: set server\.port to 3000/u],
  ["both", [at("127.0.0.1", 3000)], /^It listens on 127\.0\.0\.1:3000: .*\{host\}.*--set server\.port=3000/u],
] as const)("the hint, where it is %s", (_where, sockets, hint) => {
  expect(hintForListener(sockets, WANTED, "later")).toMatch(hint);
});
