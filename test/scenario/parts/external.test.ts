import { expect, test } from "vitest";
import { externalTarget } from "../../../src/scenario/parts/external.js";
import { EXIT } from "../../../src/errors.js";
import { errorOf, withLines } from "../parsing.js";

test.each([
  ["http://127.0.0.1:3000", "127.0.0.1", 3000],
  ["http://127.9.9.9", "127.9.9.9", 80],
  ["http://127.1:8080/", "127.0.0.1", 8080],
  ["http://localhost:1", "127.0.0.1", 1],
  ["http://[::1]:65535", "::1", 65_535],
])("%s is on loopback", (url, host, port) => {
  expect(externalTarget(url)).toEqual({ ok: true, host, port });
});

test.each([
  "http://example.com",
  "https://example.com",
  "http://127.0.0.1.example.com",
  "http://localhost.example.com",
  "http://127.0.0.1@example.com",
  "http://128.0.0.1",
  "http://0.0.0.0",
  "http://[::]",
  "http://[::ffff:127.0.0.1]",
  "http://10.0.0.1:8080/x",
  "http://2130706434.example",
])("%s is another machine", (url) => {
  expect(externalTarget(url)).toMatchObject({ ok: false, code: "remote-target" });
});

test.each([
  "http://",
  "ftp://127.0.0.1",
  "http://127.0.0.1:0",
  "http://127.0.0.1:65536",
  "http://127.0.0.1/x",
  "http://u:p@127.0.0.1",
])("%s is refused for another reason", (url) => {
  const target = externalTarget(url);
  expect(target.ok).toBe(false);
  expect(target).not.toHaveProperty("code");
});

test("a scenario that would send traffic elsewhere has its own code", () => {
  const error = errorOf(withLines("server: { kind: external, url: http://example.com }"));
  expect([error.code, error.exitCode]).toEqual(["remote-target", EXIT.usage]);
});
