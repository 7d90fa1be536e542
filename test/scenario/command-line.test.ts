import { expect, test } from "vitest";
import { errorOf, parse, places, withLines } from "./parsing.js";

const SERVER = "server: { kind: command, command: run }";
const FOLDERS = { folder: "/project/bench", cwd: "/home/me" };

function serverOf(lines: readonly string[], ...sets: string[]) {
  const overrides = sets.map((set) => {
    const at = set.indexOf("=");
    return { path: set.slice(0, at), value: set.slice(at + 1), option: `--set ${set}` };
  });
  return parse(withLines(...lines), { ...FOLDERS, overrides }).variants[0]!.server;
}

test("a command runs in the folder of the scenario's file", () => {
  expect(serverOf([SERVER])).toMatchObject({ cwd: "/project/bench", env: {} });
});

test.each([
  ["api", "/project/bench/api"],
  ["../api/", "/project/api"],
  ["/srv", "/srv"],
])("cwd %s is relative to it", (cwd, absolute) => {
  expect(serverOf([`server: { kind: command, command: run, cwd: ${cwd} }`])).toMatchObject({ cwd: absolute });
});

test("what comes from the command line is relative to the user's current folder", () => {
  expect(serverOf([SERVER], "server.command=mine")).toMatchObject({ command: "mine", cwd: "/home/me" });
  expect(serverOf([SERVER], "server.cwd=api")).toMatchObject({ command: "run", cwd: "/home/me/api" });
  expect(serverOf([SERVER], "variants.a.server.command=mine")).toMatchObject({ cwd: "/home/me" });
  const inApi = "server: { kind: command, command: run, cwd: api }";
  expect(serverOf([inApi], "server.command=mine")).toMatchObject({ command: "mine", cwd: "/project/bench/api" });
});

test("a variant adds environment variables, whose values are texts", () => {
  const above = "server: { kind: command, command: run, env: { PORT: '{port}', WORKERS: 2 } }";
  const { variants } = parse(
    `title: t\n${above}\nvariants: { a: {}, b: { server: { env: { WORKERS: 4, DEBUG: true } } } }\n`,
  );
  expect(variants.map(({ server }) => server)).toMatchObject([
    { env: { PORT: "{port}", WORKERS: "2" } },
    { env: { PORT: "{port}", WORKERS: "4", DEBUG: "true" } },
  ]);
});

test("programs of hosts and steps have a folder and an environment, too", () => {
  const { lab, phases } = parse(
    withLines(
      "lab: { topology: hosts, hosts: { client: {}, server: {}, db: { command: db, cwd: data, env: { A: 1 } } } }",
      "phases: { all: { do: together, phases: { look: { do: command, command: ls, cwd: .., env: { B: x } } } } }",
    ),
    FOLDERS,
  ).variants[0]!;
  expect(lab.hosts!["db"]!.programs).toMatchObject([{ cwd: "/project/bench/data", env: { A: "1" } }]);
  expect(phases).toMatchObject([{ phases: [{ cwd: "/project", env: { B: "x" } }] }]);
});

test.each([
  ["server: { kind: command, command: x, cwd: '' }", "3:43"],
  ["server: { kind: command, command: x, env: { 'A B': 1 } }", "3:45"],
  ["server: { kind: command, command: x, env: { A: [1] } }", "3:48"],
  ["server: { kind: node, cwd: x }", "3:23"],
])("%s is refused at %s", (line, place) => {
  expect(places(errorOf(withLines(line)).faults)).toEqual([place]);
});
