import { expect, test } from "vitest";
import { NO_OPTIONS } from "../../probe/options.js";
import { errorOf, parse, places } from "../parsing.js";

const steps = (lines: string): string => `title: t\nphases:\n${lines}\nvariants: { a: {} }\n`;

test("steps keep the order of the file, and nothing in them is left open", () => {
  const { variants } = parse(
    steps(
      "  door: { do: listen, on: server, socket: d, port: 9000 }\n  look: { do: read }\n  rest: { do: wait, for: 1s }",
    ),
  );
  expect(variants[0]!.phases).toEqual([
    {
      name: "door",
      do: "listen",
      on: "server",
      socket: "d",
      timeoutMs: 5_000,
      address: null,
      port: 9_000,
      backlog: 128,
      watch: false,
      ...NO_OPTIONS,
    },
    { name: "look", do: "read", on: "client", port: null },
    { name: "rest", do: "wait", forMs: 1_000 },
  ]);
});

test("a variant changes a step field by field, leaves one out by null, and puts another one in its place", () => {
  const { variants } = parse(
    `title: t
phases:
  set: { do: sysctl, key: net.ipv4.tcp_fin_timeout, value: 5 }
  look: { do: read, on: server }
  rest: { do: wait, for: 1s }
variants:
  a: { phases: { set: { value: 60 }, look: null } }
  b: { phases: { rest: { do: read } } }
`,
  );
  expect(variants.map(({ phases }) => phases.map(({ name, do: kind }) => `${name} ${kind}`))).toEqual([
    ["set sysctl", "rest wait"],
    ["set sysctl", "look read", "rest read"],
  ]);
  expect(variants[0]!.phases[0]).toMatchObject({ value: "60", on: "client" });
});

test("a port can be the one that the kernel chose in an earlier step, by that step's name", () => {
  const door = "  door: { do: listen, socket: d, port: 0 }\n";
  const dial = "  dial: { do: connect, socket: s, to: loopback, port: door.localPort }";
  expect(parse(steps(door + dial)).variants[0]!.phases[1]).toMatchObject({ to: "loopback", port: "door.localPort" });
  const [fault] = errorOf(steps(`${door}${dial.replace("door", "dor")}`)).faults;
  expect(fault).toMatchObject({
    message: "no step `dor` before this one has a local port",
    hint: "did you mean `door`?",
  });
  const [late] = errorOf(steps(`${dial}\n${door}`)).faults;
  expect(late!.hint).toBe("`listen`, `bind` and `connect` have one");
});

test("a load among the steps is the variant's load with what the step changes", () => {
  const { variants } = parse(
    "title: t\nload: { connections: 7, duration: 1s }\nphases: { fill: { do: load, load: { connection: close } } }\nvariants: { a: {} }\n",
  );
  expect(variants[0]!.phases[0]).toMatchObject({
    to: "server",
    load: { connections: 7, durationMs: 1_000, connection: "close", requestsPerConnection: 1 },
  });
});

test("steps within steps are found by their own names", () => {
  const { expect: expectations } = parse(
    "title: t\nphases: { both: { do: together, phases: { x: { do: read }, y: { do: in-turn, phases: { z: { do: read } } } } } }\n" +
      "variants: { a: {} }\nexpect: [a.x.time_wait == 0, a.z.TCPTimeWaitOverflow == 0]\n",
  );
  expect(expectations.map(({ metric }) => metric)).toEqual(["x.time_wait", "z.TCPTimeWaitOverflow"]);
});

test.each([
  ["  x: { do: red }", "3:12"],
  ["  x: { do: wait }", "3:3"],
  ["  x: { on: client }", "3:3"],
  ["  x: { do: read, on: nowhere }", "3:22"],
  ["  x: { do: connect, socket: s, port: 1, to: nowhere }", "3:45"],
  ["  x: { do: read, key: net.ipv4.tcp_syncookies }", "3:18"],
  ["  x: { do: await, until: time_wait }", "3:26"],
  ["  x: { do: await, until: tme_wait == 0 }", "3:26"],
  ["  x: { do: send, socket: s }", "3:6"],
  ["  x: { do: load, load: { connection: close, requestsPerConnection: 3 } }", "3:68"],
  ["  x: { do: load, load: { client: undici, linger: 1s } }", "3:50"],
  ["  x: { do: load, load: { client: undici, closer: reset } }", "3:50"],
  ["  x: { do: load, load: { client: epoll, drain: false } }", "3:48"],
  ["  x: { do: connect, socket: s, port: 1, from: 65535, sockets: 2 }", "3:47"],
  ["  x: { do: listen, socket: s, port: 70000 }", "3:37"],
  ["  x: { do: listen, socket: s, port: 1, address: here }", "3:49"],
  ["  x: { do: bind, socket: s, port: 1, address: 1.2.3 }", "3:47"],
  ["  x: { do: bind, socket: s, port: 1, address: 999.1.1.1 }", "3:47"],
  ["  x: { do: bind, socket: s, port: 1, address: '1::2::3' }", "3:47"],
  ["  x: { do: connect, socket: s, port: door }", "3:38"],
  ["  x: { do: connect, socket: s, port: door.localPort }", "3:38"],
  ["  x: { do: listen, socket: s, port: x.localPort }", "3:37"],
  [
    "  x: { do: together, phases: { y: { do: listen, socket: s, port: 0 }, z: { do: bind, socket: t, port: y.localPort } } }",
    "3:103",
  ],
  ["  x: { do: listen, socket: s, port: 0, to: loopback }", "3:40"],
  ["  x: { do: connect, socket: s, port: 1, linger2: 1500ms }", "3:50"],
  ["  x: { do: connect, socket: s, port: 1, localPortRange: 2-1 }", "3:57"],
  ["  errors: { do: read }", "3:11"],
  ["  x: { do: in-turn, phases: { x: { do: read } } }", "3:34"],
])("what is wrong with a step is told where it stands: %s", (line, place) => {
  expect(places(errorOf(steps(line)).faults)).toEqual([place]);
});

test("a host that there is not is told beside what else is wrong with the step", () => {
  const { faults } = errorOf(steps("  x: { do: connect, on: nowhere, socket: s, to: nobody, port: 0 }"));
  expect(places(faults).toSorted()).toEqual(["3:25", "3:49", "3:63"]);
});

test.each([
  ["a.x.tme_wait == 0", 1],
  ["a.y.time_wait == 0", 1],
  ["a.x.time_wait >= 0.5 * a.x.close_wait", 0],
  ["a.x.ListenOverflows < 1", 0],
])("figures of steps can be named in `expect`: %s", (text, faults) => {
  const file = `title: t\nphases: { x: { do: read } }\nvariants: { a: {} }\nexpect: ["${text}"]\n`;
  if (faults === 0) expect(parse(file).expect).toHaveLength(1);
  else expect(errorOf(file).faults).toHaveLength(faults);
});

test("a step within others that does something else takes the place of the one that was there", () => {
  const { variants } = parse(
    "title: t\nphases: { both: { do: together, phases: { x: { do: read, on: server }, y: { do: read } } } }\n" +
      "variants: { a: { phases: { both: { phases: { x: { do: wait, for: 1s } } } } } }\n",
  );
  expect(variants[0]!.phases).toEqual([
    {
      name: "both",
      do: "together",
      phases: [
        { name: "x", do: "wait", forMs: 1_000 },
        { name: "y", do: "read", on: "client", port: null },
      ],
    },
  ]);
});

test("an unknown field of a step is answered with those of its own kind", () => {
  const [fault] = errorOf(steps("  x: { do: wait, fore: 1s, for: 1s }")).faults;
  expect(fault).toMatchObject({ message: "a step that does `wait` has no field `fore`", hint: "did you mean `for`?" });
  const [other] = errorOf(steps("  x: { do: wait, for: 1s, backlog: 3 }")).faults;
  expect(other!.hint).toBe("there are only `do`, `for`, `before` and `after`");
});

const twoSteps = "  one: { do: wait, for: 1s }\n  two: { do: wait, for: 2s }";
const inVariant = (own: string, above = twoSteps): string =>
  `title: t\nphases:\n${above}\nvariants:\n  a:\n    phases:\n${own}\n`;
const namesIn = (text: string): string[] => parse(text).variants[0]!.phases.map(({ name }) => name);

test.each([
  ["      x: { do: read }", ["one", "two", "x"]],
  ["      x: { do: read, before: one }", ["x", "one", "two"]],
  ["      x: { do: read, before: two }", ["one", "x", "two"]],
  ["      x: { do: read, after: one }", ["one", "x", "two"]],
  ["      x: { do: read, after: one }\n      y: { do: read, after: one }", ["one", "x", "y", "two"]],
  ["      x: { do: read, before: two }\n      y: { do: read, before: two }", ["one", "x", "y", "two"]],
  ["      x: { do: read, after: y }\n      y: { do: read, before: one }", ["y", "x", "one", "two"]],
  ["      two: { before: one }", ["two", "one"]],
  ["      one: null\n      x: { do: read, after: one }", ["x", "two"]],
])("a variant says where its own step stands: %j", (own, order) => {
  expect(namesIn(inVariant(own))).toEqual(order);
});

test.each([
  ["      x: { do: read, before: twoo }", "8:30", "did you mean `two`?"],
  [
    "      x: { do: read, after: y }\n      y: { do: read, before: x }",
    "8:29 9:30",
    "leave one `before` or `after` out",
  ],
  ["      x: { do: read, after: x }", "8:29", "there are only `one` and `two`"],
  ["      x: { do: read, after: one, before: two }", "8:29", "leave one of them out"],
])("a place that there is not is told: %j", (own, at, hint) => {
  const { faults } = errorOf(inVariant(own));
  expect(places(faults).join(" ")).toBe(at);
  expect(faults[0]!.hint).toBe(hint);
});

test("a step that does something else in a variant keeps the fields that its new kind has too", () => {
  const above = "  door: { do: listen, on: server, socket: d, port: 9000, backlog: 5 }";
  const { variants } = parse(inVariant("      door: { do: bind }", above));
  expect(variants[0]!.phases[0]).toMatchObject({ do: "bind", on: "server", socket: "d", port: 9_000 });
  expect(variants[0]!.phases[0]).not.toHaveProperty("backlog");
});

test("what then is missing is told at the variant's line", () => {
  expect(places(errorOf(inVariant("      one: { do: read }\n      two: { do: connect }")).faults)).toEqual([
    "9:7",
    "9:7",
  ]);
});

test.each([
  ["  x: { do: close, socket: s }", "3:27", "`listen`, `accept`, `bind` and `connect` make them"],
  ["  x: { do: connect, socket: conn, port: 1 }\n  y: { do: close, socket: con }", "4:27", "did you mean `conn`?"],
  [
    "  x: { do: listen, on: server, socket: s, port: 1 }\n  y: { do: close, socket: s }",
    "4:27",
    "it is made on server: write `on: server`",
  ],
  [
    "  x: { do: accept, on: server, socket: a, of: door }",
    "3:47",
    "`listen`, `accept`, `bind` and `connect` make them",
  ],
  ["  x: { do: close, socket: s }\n  y: { do: connect, socket: s, port: 1 }", "3:27", undefined],
  [
    "  x: { do: connect, socket: s, port: 1 }\n  y: { do: segment, socket: s, flags: [ACK] }",
    "4:29",
    "write `watch: true` at its connect, or at the listen that it was accepted from",
  ],
  [
    "  x: { do: listen, socket: d, port: 1 }\n  y: { do: accept, socket: s, of: d }\n  z: { do: hear, socket: s }",
    "5:26",
    "write `watch: true` at its connect, or at the listen that it was accepted from",
  ],
  [
    "  x: { do: peer, socket: s, port: 1 }\n  y: { do: send, socket: s, text: a }",
    "4:26",
    "`segment` speaks for it, `hear` listens",
  ],
])("a socket that no earlier step makes on that host is told when the file is read: %s", (lines, at, hint) => {
  const { faults } = errorOf(steps(lines));
  expect(places(faults)).toEqual([at]);
  if (hint !== undefined) expect(faults[0]!.hint).toBe(hint);
});

test("segments speak for peers, and for what was connected or accepted where arrivals are kept", () => {
  const lines = [
    "  door: { do: listen, socket: d, port: 0, watch: true }",
    "  peer: { do: peer, socket: p, to: client, port: door.localPort }",
    "  syn: { do: segment, socket: p, flags: [SYN], bytes: 10, window: 0, acknowledgement: -1 }",
    "  taken: { do: accept, socket: s, of: d }",
    "  rst: { do: segment, socket: s, flags: [RST], until: FIN-ACK, collect: 20ms }",
    "  heard: { do: hear, socket: p }",
  ];
  const phases = parse(steps(lines.join("\n"))).variants[0]!.phases;
  expect(phases[2]).toMatchObject({
    sequence: 0,
    bytes: 10,
    window: 0,
    acknowledgement: -1,
    until: null,
    collectMs: null,
  });
  expect(phases[4]).toMatchObject({ until: "FIN-ACK", collectMs: 20 });
  const figures = ["syn.answerSeq", "rst.2.flags", "heard.8.repeat"].map((figure) => `a.${figure} == 0`);
  const listed = (text: string): string => `${steps(lines.join("\n"))}expect: [${text}]\n`;
  expect(parse(listed(figures.join(", "))).expect).toHaveLength(3);
  expect(errorOf(listed("a.rst.9.flags == ACK, a.rst.2.flag == ACK")).faults).toHaveLength(2);
});

test("steps that begin together may use each other's sockets", () => {
  const lines = `  both:
    do: together
    phases:
      in: { do: in-turn, phases: { wait: { do: wait, for: 1s }, shut: { do: close, socket: s } } }
      out: { do: connect, socket: s, port: 1 }
  later: { do: shutdown, socket: s }`;
  expect(parse(steps(lines)).variants).toHaveLength(1);
});

test("a linger of zero needs no unit", () => {
  const { variants } = parse(steps("  x: { do: connect, socket: s, port: 1, linger: 0 }"));
  expect(variants[0]!.phases[0]).toMatchObject({ lingerSec: 0 });
});

test("a load goes to the proxy where there is one, and a socket to the server", () => {
  const { variants } = parse(
    "title: t\nlab: { topology: proxy }\nphases: { x: { do: load }, y: { do: connect, socket: s, port: 1 } }\nvariants: { a: {} }\n",
  );
  expect(variants[0]!.phases).toMatchObject([{ to: "proxy" }, { to: "server" }]);
});
