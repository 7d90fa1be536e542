import { expect, test } from "vitest";
import { errorOf, parse, places, withLines } from "../parsing.js";

const lab = (line: string) => parse(withLines(line)).variants[0]!.lab;
const REUSE = { "net.ipv4.tcp_tw_reuse": "0" };

test("hosts have programs of their own, and sysctls", () => {
  const plan = lab(
    "lab: { topology: hosts, hosts: { client: {}, server: , third: { command: x, port: 9000, ready: { line: up } } }, sysctl: { third: { net.a: 1 } } }",
  );
  expect(plan.hosts).toEqual({
    client: { programs: [] },
    server: { programs: [] },
    third: {
      programs: [
        {
          command: "x",
          cwd: "/",
          env: {},
          port: 9000,
          ready: { by: "line", pattern: "up" },
          readyTimeoutMs: 10_000,
          starts: "after-server",
        },
      ],
    },
  });
  expect(plan.sysctl).toEqual({ client: REUSE, server: REUSE, third: { ...REUSE, "net.a": "1" } });
});

test("a host may have several programs, of which some are there before the server", () => {
  const { hosts } = lab(
    "lab: { topology: hosts, hosts: { client: {}, server: { programs: [{ command: a, port: 1, user: db, starts: before-server }, { command: b, port: 2, env: { A: 1 } }] } } }",
  );
  expect(hosts!["server"]!.programs).toMatchObject([
    { command: "a", port: 1, user: "db", starts: "before-server" },
    { command: "b", port: 2, starts: "after-server", env: { A: "1" }, ready: { by: "tcp" } },
  ]);
});

test("behind a NAT the client's sysctls are every client's, but for what one has of its own", () => {
  const plan = lab(
    "lab: { topology: nat, clients: 3, natPorts: 40000-40099, sysctl: { client: { net.a: 1 }, client-3: { net.a: 2 } } }",
  );
  expect(plan.nat).toEqual({ clients: ["client", "client-2", "client-3"], ports: { low: 40_000, high: 40_099 } });
  expect(plan.sysctl["client-2"]).toEqual({ ...REUSE, "net.a": "1" });
  expect(plan.sysctl["client-3"]).toEqual({ ...REUSE, "net.a": "2" });
  expect(plan.sysctl["nat"]).toEqual(REUSE);
});

test("hosts have IPv4 addresses unless the lab is one of IPv6", () => {
  expect(lab("lab: { family: ipv6 }").family).toBe("ipv6");
  expect(lab("lab: { family: ipv6 }\nphases: { x: { do: flood, socket: s, port: 1 } }").family).toBe("ipv6");
  expect(lab("lab: { family: ipv4 }")).toEqual(lab("lab: {}"));
});

test("a proxy listens on the server's port number", () => {
  const { lab: plan } = parse(
    withLines("lab: { topology: proxy, proxy: { upstream: keep-alive } }\nserver: { port: 81 }"),
  ).variants[0]!;
  expect(plan.proxy).toEqual({
    kind: "nginx",
    upstream: "keep-alive",
    connections: 16,
    port: 81,
    readyTimeoutMs: 10_000,
  });
  expect(Object.keys(plan.sysctl)).toEqual(["client", "server", "proxy"]);
});

test("through a proxy a step's load goes to it, unless it says otherwise", () => {
  const text = withLines("lab: { topology: proxy }\nphases: { a: { do: load }, b: { do: load, to: server } }");
  expect(parse(text).variants[0]!.phases).toMatchObject([{ to: "proxy" }, { to: "server" }]);
});

const EXTERNAL = "server: { kind: external, url: 'http://127.0.0.1:1' }";

test.each([
  ["lab: { hosts: { client: {}, server: {} } }", "3:8"],
  ["lab: { topology: hosts }", "3:8"],
  ["lab: { topology: hosts, hosts: { client: {}, third: {} } }", "3:25"],
  ["lab: { topology: hosts, hosts: { client: {}, server: {}, silence: {} } }", "3:58"],
  ["lab: { topology: hosts, hosts: { client: {}, server: {}, a.b: {} } }", "3:58"],
  ["lab: { topology: hosts, hosts: { client: {}, server: { port: 0 } } }", "3:62"],
  ["lab: { topology: hosts, hosts: { client: {}, server: { programs: [] } } }", "3:66"],
  ["lab: { topology: hosts, hosts: { client: {}, server: { port: 1, programs: [{ command: x, port: 2 }] } } }", "3:56"],
  ["lab: { topology: hosts, hosts: { client: {}, server: { programs: [{ port: 1 }] } } }", "3:67"],
  [
    "lab: { topology: hosts, hosts: { client: {}, server: { programs: [{ command: x, port: 2, starts: now }] } } }",
    "3:98",
  ],
  ["server: { kind: command, command: x, user: 'a b' }", "3:44"],
  // The server listens there.
  ["lab: { topology: hosts, hosts: { client: {}, server: { programs: [{ command: x, port: 8080 }] } } }", "3:81"],
  ["lab: { topology: hosts, hosts: { server: {}, client: { programs: [{ command: x }, { command: y }] } } }", "3:83"],
  ["lab: { clients: 3 }", "3:8"],
  ["lab: { topology: nat, family: ipv6 }", "3:31"],
  ["lab: { family: ipv5 }", "3:16"],
  ["lab: { topology: loopback, family: ipv6, addresses: { client: 2 } }\nload: { client: epoll }", "3:36"],
  ["lab: { topology: nat, natPorts: 5-1 }", "3:33"],
  ["lab: { topology: nat, addresses: { client: 2 } }\nload: { client: epoll }", "3:44"],
  ["lab: { topology: nat, proxy: { kind: nginx } }", "3:23"],
  ["lab: { topology: proxy, proxy: { kind: squid } }", "3:40"],
  ["lab: { topology: proxy, sysctl: { third: { net.a: 1 } } }", "3:35"],
  [`lab: { topology: proxy }\n${EXTERNAL}`, "3:18"],
  [`lab: { links: { client-server: { delay: 5ms } } }\n${EXTERNAL}`, "3:15"],
  [`lab: { topology: two-hosts, links: { client-server: { delay: 5ms } } }\n${EXTERNAL}`, "3:36"],
  [`lab: { family: ipv6 }\n${EXTERNAL}`, "3:16"],
  [`lab: { addresses: { server: 2 } }\n${EXTERNAL}\nload: { client: epoll }`, "3:29"],
])("%s is refused at %s", (line, place) => {
  expect(places(errorOf(withLines(line)).faults)).toEqual([place]);
});
