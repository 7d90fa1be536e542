import { expect, test } from "vitest";
import { errorOf, parse, places, withLines } from "./parsing.js";

const first = (text: string) => parse(text).variants[0]!;

test("a file of two lines leaves nothing open", () => {
  expect(parse("title: t\nvariants: { a: {} }\n")).toEqual({
    name: "x",
    title: "t",
    explanation: "",
    expect: [],
    claim: null,
    parallel: false,
    needs: [],
    gates: [],
    variants: [
      {
        name: "a",
        lab: {
          topology: "two-hosts",
          addresses: { client: 1, server: 1 },
          memoryBytes: null,
          sysctl: { client: { "net.ipv4.tcp_tw_reuse": "0" }, server: { "net.ipv4.tcp_tw_reuse": "0" } },
        },
        server: { kind: "node", port: 8080, readyTimeoutMs: 10_000 },
        load: {
          client: "undici",
          connections: 50,
          durationMs: 10_000,
          warmupMs: 0,
          requests: null,
          connection: "keep-alive",
          requestsPerConnection: null,
          closer: "client",
          path: "/",
          timeoutMs: 10_000,
          pace: null,
        },
        sample: { everyMs: 50, tableEveryMs: 1000 },
        phases: [],
      },
    ],
  });
});

test.each([
  ["connection: close", { requestsPerConnection: 1, closer: "server" }],
  ["connection: close, closer: client", { requestsPerConnection: 1, closer: "client" }],
  ["connection: close, requestsPerConnection: 1", { requestsPerConnection: 1, closer: "server" }],
  ["requestsPerConnection: 5", { connection: "keep-alive", requestsPerConnection: 5, closer: "server" }],
  ["requestsPerConnection: null", { requestsPerConnection: null, closer: "client" }],
])("load with %s", (load, expected) => {
  expect(first(withLines(`load: { ${load} }`)).load).toMatchObject(expected);
});

test.each([
  ["client: go", { drain: true, idleConnections: null }],
  ["client: go, drain: false, idleConnections: 2", { drain: false, idleConnections: 2 }],
])("load with %s", (load, go) => {
  expect(first(withLines(`load: { ${load} }`)).load).toMatchObject({ client: "go", go });
});

test("variants keep the order of the file and override field by field", () => {
  const { variants } = parse(`title: t
lab: { sysctl: { client: { net.ipv4.tcp_fin_timeout: 5 } } }
server: { port: 9000 }
load: { connections: 7, path: /x }
variants:
  zebra: { load: { path: /y }, lab: { sysctl: { client: { net.ipv4.tcp_tw_reuse: 1 } } } }
  ant:
`);
  expect(variants.map(({ name }) => name)).toEqual(["zebra", "ant"]);
  expect(variants[0]).toMatchObject({
    lab: { sysctl: { client: { "net.ipv4.tcp_fin_timeout": "5", "net.ipv4.tcp_tw_reuse": "1" } } },
    server: { port: 9000 },
    load: { connections: 7, path: "/y" },
  });
  expect(variants[1]).toMatchObject({
    lab: { sysctl: { client: { "net.ipv4.tcp_tw_reuse": "0" } } },
    load: { path: "/x" },
  });
});

test("another kind of server keeps port and readyTimeout and nothing else", () => {
  const { variants } = parse(`title: t
server: { kind: command, command: run, ready: { line: up }, port: 9000, readyTimeout: 2s }
variants:
  go: { server: { kind: go } }
  other: { server: { command: run2 } }
  there: { server: { kind: external, url: "http://127.0.0.1:3000" } }
`);
  expect(variants.map(({ server }) => server)).toEqual([
    { kind: "go", bodyBytes: null, port: 9000, readyTimeoutMs: 2000 },
    {
      kind: "command",
      command: "run2",
      cwd: "/",
      env: {},
      ready: { by: "line", pattern: "up" },
      port: 9000,
      readyTimeoutMs: 2000,
    },
    { kind: "external", host: "127.0.0.1", port: 3000, readyTimeoutMs: 2000 },
  ]);
});

test("ways to be ready replace each other", () => {
  const { variants } = parse(`title: t
server: { kind: command, command: run, ready: { line: up } }
variants: { a: { server: { ready: { http: /health } } }, b: { server: { ready: tcp } } }
`);
  expect(variants.map(({ server }) => server)).toMatchObject([
    { ready: { by: "http", path: "/health" } },
    { ready: { by: "tcp" } },
  ]);
});

test("on loopback both roles have the sysctls of either", () => {
  const { sysctl } = first(
    withLines("lab: { topology: loopback, sysctl: { client: { net.ipv4.tcp_tw_reuse: 1 } } }"),
  ).lab;
  expect(sysctl.server).toEqual({ "net.ipv4.tcp_tw_reuse": "1" });
  expect(sysctl.client).toEqual(sysctl.server);
});

test("a server that already runs is on loopback", () => {
  expect(first(withLines('server: { kind: external, url: "http://[::1]:3000" }'))).toMatchObject({
    lab: { topology: "loopback" },
    server: { host: "::1", port: 3000 },
  });
});

test.each([
  ["load: { connection: close, requestsPerConnection: 2 }", "3:51"],
  ["load: { client: autocannon, requestsPerConnection: 2 }", "3:52"],
  ["load: { client: autocannon, connection: close, closer: client }", "3:56"],
  ["load: { client: undici, threads: 2 }", "3:34"],
  ["load: { client: undici, linger: 5s }", "3:33"],
  ["load: { client: undici, localPorts: 1024-2048 }", "3:37"],
  ["load: { client: autocannon, reuseAddress: true }", "3:43"],
  ["load: { client: undici, closer: reset, requestsPerConnection: 2 }", "3:33"],
  ["load: { client: undici, drain: false }", "3:32"],
  ["load: { client: epoll, idleConnections: 2 }", "3:41"],
  ["load: { client: go, threads: 2 }", "3:30"],
  ["load: { client: go, closer: reset, connection: close }", "3:29"],
  ["load: { client: go, requestsPerConnection: 2 }", "3:44"],
  ["server: { kind: node, bodyBytes: 5 }", "3:23"],
  ["lab: { addresses: { server: 2 } }", "3:29"],
  ["load: { connections: 0 }", "3:22"],
  ["load: { connections: 100001 }", "3:22"],
  ["load: { duration: 0s }", "3:19"],
  ["load: { duration: 1441m }", "3:19"],
  ["load: { path: //example.com }", "3:15"],
  ['load: { path: "/a b" }', "3:15"],
  ['load: { path: "/\\\\example.com" }', "3:15"],
  ['load: { path: "/x\\r\\nHost: y" }', "3:15"],
  ["server: { port: 65536 }", "3:17"],
  ["server: { command: x }", "3:11"],
  ["server: { kind: command }", "3:1"],
  ["server: { kind: command, command: x, ready: { line: '(' } }", "3:53"],
  ["server: { kind: external, url: 'http://127.0.0.1:1', port: 5 }", "3:54"],
  ["lab: { sysctl: { host: { net.core.x: 1 } } }", "3:18"],
  ["lab: { sysctl: { client: { kernel.x: 1 } } }", "3:28"],
  ["lab: { sysctl: { client: { net.ipv4/../x: 1 } } }", "3:28"],
  ["lab: { sysctl: { client: { net.core.x: true } } }", "3:40"],
  ["lab: { topology: loopback, sysctl: { client: { net.a: 1 }, server: { net.a: 2 } } }", "3:77"],
  ["sample: { every: 50 }", "3:18"],
])("%s is refused at %s", (line, place) => {
  expect(places(errorOf(withLines(line)).faults)).toEqual([place]);
});

test.each(["1st", "a.b", "é", "_x", "''"])("%s is no name for a variant", (name) => {
  expect(places(errorOf(`title: t\nvariants: { ${name}: {} }\n`).faults)).toEqual(["2:13"]);
});

test("the client that calls the kernel itself gets its sockets' plan, whole", () => {
  const [variant] = parse(
    `title: t
lab: { addresses: { client: 2 }, memory: 600MB }
load: { client: epoll, closer: reset, connection: close, threads: 2, linger: 3s, bind: early, localPorts: 1024-2048, reuseAddress: true }
variants: { a: {} }
`,
  ).variants;
  expect(variant!.lab).toMatchObject({ addresses: { client: 2, server: 1 }, memoryBytes: 600_000_000 });
  expect(variant!.load).toMatchObject({
    closer: "reset",
    sockets: {
      threads: 2,
      lingerSec: 3,
      sourceAddresses: [],
      destinationAddresses: [],
      bind: "early",
      localPorts: { low: 1024, high: 2048 },
      reuseAddress: true,
    },
  });
});

test("auto is what the machine can run, and then leaves nothing open either", () => {
  const text = "title: t\nvariants: { a: {} }\n";
  const client = (autoClient: "epoll" | "undici"): unknown => parse(text, { autoClient }).variants[0]!.load;
  expect(client("undici")).toMatchObject({ client: "undici" });
  expect(client("undici")).not.toHaveProperty("sockets");
  expect(client("epoll")).toMatchObject({ client: "epoll", sockets: { threads: 1, bind: "late" } });
});

test.each([
  ["my-service", "my-service", "My service"],
  ["folder/api_2", "api_2", "Api 2"],
  ["9-lives", "load", "9 lives"],
  ["a b.v2", "a-b-v2", "A b.v2"],
])("a scenario needs neither title nor variants: %s", (name, variant, title) => {
  const scenario = parse("load: { connections: 3 }\n", { name });
  expect(scenario).toMatchObject({ title, variants: [{ name: variant, load: { connections: 3 } }] });
});

test("a matrix alone makes the variants", () => {
  const { variants } = parse("matrix: { load.connections: [1, 2] }\n");
  expect(variants.map(({ name }) => name)).toEqual(["connections-1", "connections-2"]);
});

test("the only variant need not be named in what is expected", () => {
  const lines = ["requests.failed == 0", "closedFirst == server", "latencyUs.p99 < 2 * latencyUs.p50"];
  const { expect: expectations } = parse(`expect:\n${lines.map((line) => `  - ${line}\n`).join("")}`, { name: "api" });
  expect(expectations.map(({ text, variant, metric }) => [text, variant, metric])).toEqual([
    [lines[0], "api", "requests.failed"],
    [lines[1], "api", "closedFirst"],
    [lines[2], "api", "latencyUs.p99"],
  ]);
  expect(expectations[2]!.right).toMatchObject({ variant: "api", metric: "latencyUs.p50" });
  // Named all the same, also where the file is called as a group of metrics.
  for (const text of ["requests.requests.failed == 0", "requests.failed == 0"])
    expect(parse(`expect: [${text}]\n`, { name: "requests" }).expect).toMatchObject([
      { variant: "requests", metric: "requests.failed" },
    ]);
  const step = "phases: { look: { do: read } }\nexpect: [look.time_wait == 0, x.look.time_wait == 0]\n";
  expect(parse(step).expect.map(({ metric }) => metric)).toEqual(["look.time_wait", "look.time_wait"]);
});

test("of several variants one has to be named", () => {
  const text = "variants: { a: {}, b: {} }\nexpect: [requests.failed == 0]\n";
  expect(errorOf(text).faults[0]!.message).toBe("there is no variant `requests`");
});
