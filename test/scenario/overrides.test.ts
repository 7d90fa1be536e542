import { expect, test } from "vitest";
import type { Override } from "../../src/scenario/overrides.js";
import { errorOf, parse, places } from "./parsing.js";

const TEXT = `title: t
server: { kind: command, command: run, port: 9000 }
load: { connections: 5 }
variants:
  close: { load: { connection: close, connections: 7 } }
  keep: { server: { kind: go } }
expect:
  - close.requests.sent > 2 * keep.requests.sent
  - keep.requests.sent > 1
`;

const set = (text: string): Override => {
  const at = text.indexOf("=");
  return { path: text.slice(0, at), value: text.slice(at + 1), option: `--set ${text}` };
};
const withSets = (...sets: string[]) => parse(TEXT, { overrides: sets.map(set) }).variants;
const faultsWith = (...sets: string[]) => errorOf(TEXT, { overrides: sets.map(set) }).faults;

test("an option wins over what variants say", () => {
  expect(withSets("load.connections=9").map(({ load }) => load.connections)).toEqual([9, 9]);
});

test("one variant can be addressed, and wins over what is said for all, in any order", () => {
  for (const sets of [
    ["variants.close.load.connections=3", "load.connections=9"],
    ["load.connections=9", "variants.close.load.connections=3"],
  ]) {
    expect(withSets(...sets).map(({ load }) => load.connections)).toEqual([3, 9]);
  }
});

test("of two that say the same the later wins", () => {
  expect(withSets("load.path=/a", "load.path=/b")[0]?.load.path).toBe("/b");
});

test("another kind of server replaces the server of every variant", () => {
  expect(withSets("server.kind=node").map(({ server }) => server)).toEqual([
    { kind: "node", port: 9000, readyTimeoutMs: 10_000 },
    { kind: "node", port: 9000, readyTimeoutMs: 10_000 },
  ]);
});

test("the kind that a scenario has anyway keeps its server", () => {
  expect(withSets("server.kind=command").map(({ server }) => server)).toMatchObject([
    { kind: "command", command: "run" },
    { kind: "command", command: "run" },
  ]);
});

test("fields of the new kind may come before it", () => {
  const [variant] = withSets("server.url=http://127.0.0.1:1", "server.kind=external");
  expect(variant?.server).toEqual({ kind: "external", host: "127.0.0.1", port: 1, readyTimeoutMs: 10_000 });
});

test.each([
  ["lab.sysctl.client.net.ipv4.tcp_tw_reuse=1", { lab: { sysctl: { client: { "net.ipv4.tcp_tw_reuse": "1" } } } }],
  [
    "lab.sysctl.client.net.ipv4.ip_local_port_range=1024 2047",
    { lab: { sysctl: { client: { "net.ipv4.ip_local_port_range": "1024 2047" } } } },
  ],
  ["load.path=/?a=b", { load: { path: "/?a=b" } }],
  ["load.requests=null", { load: { requests: null } }],
  ["load.duration=5s", { load: { durationMs: 5000 } }],
  ["server.ready.http=/health", { server: { ready: { by: "http", path: "/health" } } }],
  [
    "server.command=my-server --listen {host}:{port} # note",
    { server: { command: "my-server --listen {host}:{port} # note" } },
  ],
  ["load.headers.Accept=text/html", { load: { request: { headers: { Accept: "text/html" } } } }],
  ["lab.links.client>server.loss=1 %", { lab: { links: [{ from: "client", to: "server", loss: 0.01 }] } }],
])("--set %s", (text, expected) => {
  expect(parse(TEXT, { overrides: [set(text)], only: ["close"] }).variants[0]).toMatchObject(expected);
});

test.each([
  ["load.connections=abc", "connections"],
  ["load.duration=5x", "duration"],
  ["load.conections=5", "did you mean `load.connections`"],
  ["connections=5", "did you mean `load.connections`"],
  ["variants.clos.load.path=/", "did you mean `close`"],
  ["variants.close.title=x", "variants.close.title"],
  ["server.kind=comand", "did you mean `command`"],
  ["load.requestsPerConnection=4", "connection: close"],
  ["variants.close.load.closer=clint", "did you mean `client`"],
  ["load.path=", "path"],
  ["load={}", "single fields"],
  ["expect=x", "single fields"],
  ["load.headers={A: b}", "holds several fields"],
  ["lab.links={client-server: {delay: 5ms}}", "holds several fields"],
  ["lab.links.client-server.delay=5", "10ms"],
  ["lab.links.client-sever.delay=5ms", "did you mean `client-server`"],
  ["lab.sysctl.third.net.ipv4.tcp_fin_timeout=3", "no host `third`"],
  ["__proto__.x=1", "__proto__.x"],
])("--set %s is blamed on the option itself", (text, word) => {
  const [fault, ...others] = faultsWith(text);
  expect(others).toEqual([]);
  expect(places([fault!])).toEqual([`--set ${text}`]);
  expect(`${fault?.message}; ${fault?.hint}`).toContain(word);
});

test("what a new kind of server lacks is blamed on the option that brought it", () => {
  expect(places(faultsWith("server.kind=external"))).toEqual(["--set server.kind=external"]);
});

const STEPS =
  "title: t\nphases: { one: { do: read }, two: { do: wait, for: 1s } }\nvariants: { a: {}, b: { phases: { one: { on: server } } } }\n";
const stepsWith = (...sets: string[]): string[][] =>
  parse(STEPS, { overrides: sets.map(set) }).variants.map(({ phases }) =>
    phases.map(({ name, do: kind }) => `${name} ${kind}`),
  );

test("a whole step can be added in its place, replaced, and taken out, of all variants or of one", () => {
  expect(stepsWith("phases.look={do: read, on: server, before: two}")).toEqual([
    ["one read", "look read", "two wait"],
    ["one read", "look read", "two wait"],
  ]);
  expect(stepsWith("phases.one={do: wait, for: 1s}", "phases.two=null")).toEqual([["one wait"], ["one wait"]]);
  expect(stepsWith("variants.b.phases.one=null")).toEqual([["one read", "two wait"], ["two wait"]]);
});

test.each([
  ["phases.three=null", "there is no step `three`"],
  ["phases.one=read", "a step is a map, or null to leave it out"],
  ["phases.one={do: read", "a step is a map, or null to leave it out"],
  ["phases.one=", "a step is a map, or null to leave it out"],
])("what is no step is a mistake of the option: %s", (text, message) => {
  expect(errorOf(STEPS, { overrides: [set(text)] }).faults).toMatchObject([{ option: `--set ${text}`, message }]);
});

test("what is wrong in a step that an option brings is blamed on the option", () => {
  const { faults } = errorOf(STEPS, { overrides: [set("phases.look={do: reed}")] });
  expect(places(faults)).toEqual(["--set phases.look={do: reed}"]);
});

test("a missing value is a mistake", () => {
  const override = { path: "load.path", value: "", option: "--set load.path" };
  expect(places(errorOf(TEXT, { overrides: [override] }).faults)).toEqual(["--set load.path"]);
});

test("mistakes of options and of the file come together, options first", () => {
  const error = errorOf("title: t\nlod: {}\nvariants: { a: {} }\n", { overrides: [set("load.connections=x")] });
  expect(places(error.faults)).toEqual(["--set load.connections=x", "2:1"]);
});

test("only some variants, and no expectation that speaks of others", () => {
  const { variants, expect: expectations } = parse(TEXT, { only: ["keep"] });
  expect(variants.map(({ name }) => name)).toEqual(["keep"]);
  expect(expectations.map(({ text }) => text)).toEqual(["keep.requests.sent > 1"]);
});

test("what is left out need not fit the options", () => {
  const overrides = [set("load.requestsPerConnection=4")];
  expect(parse(TEXT, { overrides, only: ["keep"] }).variants[0]?.load.requestsPerConnection).toBe(4);
});

test("an unknown name in --only is a mistake of the option", () => {
  const { faults } = errorOf(TEXT, { only: ["close", "kep"] });
  expect(places(faults)).toEqual(["--only close,kep"]);
  expect(faults[0]?.hint).toContain("keep");
});
