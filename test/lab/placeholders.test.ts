import { expect, test } from "vitest";
import { filled, filledCommand, isTold } from "../../src/lab/placeholders.js";

const VALUES: Partial<Record<string, string>> = { host: "198.18.0.2", port: "8080", "client-2": "198.18.0.3" };
const fill = (text: string): string => filled(text, (name) => VALUES[name]);

test.each([
  ["node server.js {host} {port}", "node server.js 198.18.0.2 8080"],
  ["--listen={host}:{port}", "--listen=198.18.0.2:8080"],
  ["{client-2}{client-2}", "198.18.0.3198.18.0.3"],
  // The shell's own.
  ["host=a; echo ${host} $host ${port:-1}", "host=a; echo ${host} $host ${port:-1}"],
  ["echo {a,b} {1..3} { ls; } {nobody} {HOST} {}", "echo {a,b} {1..3} { ls; } {nobody} {HOST} {}"],
])("%s", (command, expected) => {
  expect(fill(command)).toBe(expected);
});

test("an IPv6 address stands in brackets where a port follows it", () => {
  const six = (text: string): string => filled(text, (name) => (name === "port" ? "80" : "2001:2:0:18::1"));
  expect(six("curl http://{server}:{port}/ [{server}]:{port}")).toBe(
    "curl http://[2001:2:0:18::1]:80/ [2001:2:0:18::1]:80",
  );
  expect(six("listen --host {host} --port {port}")).toBe("listen --host 2001:2:0:18::1 --port 80");
});

test("the environment of a command is filled as the command is", () => {
  const line = { command: "run {port}", env: { PORT: "{port}", URL: "http://{host}:{port}/", SHELL_S: "${port}" } };
  expect(filledCommand(line, (name) => VALUES[name])).toEqual({
    command: "run 8080",
    env: { PORT: "8080", URL: "http://198.18.0.2:8080/", SHELL_S: "${port}" },
  });
});

test("a command is told its port by an argument or by a variable", () => {
  expect(isTold({ command: "run {port}", env: {} }, "port")).toBe(true);
  expect(isTold({ command: "run", env: { PORT: "{port}" } }, "port")).toBe(true);
  expect(isTold({ command: "run ${port} {host}", env: {} }, "port")).toBe(false);
});
