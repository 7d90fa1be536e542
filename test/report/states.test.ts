import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { renderStates } from "../../src/report/states.js";
import type { NamespaceStates, SocketGroup, SocketTable, StatesDocument } from "../../src/states/types.js";

const group = (port: number, rest: Partial<SocketGroup> = {}): SocketGroup => ({
  side: "made",
  port,
  sockets: 1,
  guessed: 0,
  states: { established: 1 },
  timeWaitLeftMs: null,
  ...rest,
});

const TABLE: SocketTable = {
  source: "netlink",
  costMs: 6.21,
  timeWaitUnread: null,
  read: 14_129,
  states: { ipv4: { established: 11, time_wait: 14_116, listen: 1 }, ipv6: { listen: 1 } },
  timeWaitLeftMs: { min: 1_234, max: 59_800 },
  groups: [
    group(8080, {
      side: "accepted",
      sockets: 14_118,
      states: { time_wait: 14_116, listen: 2 },
      timeWaitLeftMs: { min: 1_234, max: 59_800 },
    }),
    ...Array.from({ length: 11 }, (_, at) => group(9_000 + at, { guessed: at === 0 ? 1 : 0 })),
  ],
};

const NAMESPACE: NamespaceStates = {
  place: { kind: "machine" },
  population: { timeWait: 14_116, established: 11, inUse: { ipv4: 12, ipv6: 1 }, costUs: 90 },
  table: TABLE,
  notes: [],
};

const documentOf = (...namespaces: Partial<NamespaceStates>[]): StatesDocument => ({
  schemaVersion: 1,
  at: "2026-11-20T08:09:59.123Z",
  ports: [],
  namespaces: namespaces.map((one) => Object.assign({}, NAMESPACE, one)),
});
const draw = (document: StatesDocument, width = 100): string =>
  renderStates(document, "terminal", { width, color: false });

test("the kernel counts closed sockets in FIN_WAIT2 with TIME_WAIT: its count is called so unless none are there", () => {
  const first = (document: StatesDocument): string => draw(document).split("\n")[1]!;
  const states = { ipv4: { fin_wait2: 100, close_wait: 100 }, ipv6: {} };
  const population = { timeWait: 100, established: 100, inUse: { ipv4: 100, ipv6: 0 }, costUs: 9 };
  const half = { population, table: { ...TABLE, read: 200, states } };
  expect(first(documentOf(half))).toMatch(/ TIME_WAIT or closed in FIN_WAIT2 100 · /u);
  expect(first(documentOf({ ...half, table: null }))).toMatch(/ TIME_WAIT or closed in FIN_WAIT2 100 · /u);
  expect(first({ ...documentOf({}), ports: [8080] })).toMatch(/ TIME_WAIT or closed in FIN_WAIT2 14,116 · /u);
  expect(first(documentOf({}))).toMatch(/ TIME_WAIT 14,116 · /u);
});

describe("on a terminal", () => {
  test("the states come with both families, then the groups, the largest first and cut off", () => {
    expect(draw(documentOf({}))).toMatchInlineSnapshot(`
      "this machine · 2026-11-20 08:09:59 UTC
      kernel's own count: TIME_WAIT 14,116 · ESTABLISHED or CLOSE_WAIT 11 · all but TIME_WAIT 13

                      all    IPv4  IPv6
      TIME_WAIT    14,116  14,116     0  1.2 s to 60 s left
      ESTABLISHED      11      11     0
      LISTEN            2       1     1

      sockets  side and port     states
       14,118  accepted on 8080  TIME_WAIT 14,116 (1.2 s to 60 s left), LISTEN 2
            1  made to 9000 ?    ESTABLISHED 1
            1  made to 9001      ESTABLISHED 1
            1  made to 9002      ESTABLISHED 1
            1  made to 9003      ESTABLISHED 1
            1  made to 9004      ESTABLISHED 1
            1  made to 9005      ESTABLISHED 1
            1  made to 9006      ESTABLISHED 1
            1  made to 9007      ESTABLISHED 1
            1  made to 9008      ESTABLISHED 1
               and 2 more        2 sockets

      ? nothing listens on either port (any more): which end is the service is a guess
      14,129 sockets read in 6.21 ms by sock_diag
      "
    `);
  });

  test("what was not read one by one has its number, and no family", () => {
    const table: SocketTable = {
      ...TABLE,
      read: 2,
      states: { ipv4: { listen: 1 }, ipv6: {} },
      timeWaitUnread: 1_000_000,
    };
    expect(draw(documentOf({ table }))).toMatch(/^TIME_WAIT +1,000,000 +– +– .*--full.*\nLISTEN +1 +1 +0$/mu);
    expect(draw(documentOf({ table: { ...table, read: 0, states: { ipv4: {}, ipv6: {} }, groups: [] } }))).toMatch(
      /^TIME_WAIT +1,000,000/mu,
    );
  });

  test("a table that was left out is said to be, and what the kernel counts is there all the same", () => {
    const text = draw(documentOf({ table: null, notes: ["read as text: for a reason"] }));
    expect(text).toMatch(/TIME_WAIT or closed in FIN_WAIT2 14,116/u);
    expect(text).toMatch(/--full[^]*for a reason/u);
  });

  test("an empty namespace is said to be empty", () => {
    const table: SocketTable = {
      ...TABLE,
      read: 0,
      states: { ipv4: {}, ipv6: {} },
      groups: [],
      timeWaitLeftMs: null,
    };
    expect(draw({ ...documentOf({ table }), ports: [80] })).toMatch(/no TCP sockets with port 80$/mu);
  });

  test("each host of a lab has a table under its name and its run's", () => {
    const host = (name: string): Partial<NamespaceStates> => ({
      place: { kind: "host", pid: 7, host: name, lab: { pid: 5, command: "run a\u001b[31m-scenario" } },
    });
    const text = draw(documentOf(host("client"), host("server")));
    expect(text.match(/^(?:client|server) · .* · lab of process 5: bench run a-scenario$/gmu)).toHaveLength(2);
    expect(text).not.toContain("\u001b");
  });

  test.each([60, 80, 200])("nothing is wider than %i columns", (width) => {
    const longest = Math.max(
      ...draw(documentOf({}), width)
        .split("\n")
        .map((line) => line.length),
    );
    expect(longest).toBeLessThanOrEqual(width);
  });
});

test("JSON is the document in one line, with every group", () => {
  const document = documentOf({});
  const text = renderStates(document, "json", { width: 80, color: true });
  expect(text.trimEnd()).not.toContain("\n");
  expect(JSON.parse(text)).toEqual(document);
});

test("Markdown is two tables, each row with as many cells as its head", () => {
  const text = renderStates(documentOf({}), "markdown", { width: 80, color: true });
  expect(text).toMatch(/^\| TIME_WAIT \| 14,116 \| 14,116 \| 0 \| 1\.2 s to 60 s left \|$/mu);
  for (const table of text.split("\n\n").filter((block) => block.startsWith("|"))) {
    const cells = table.split("\n").map((row) => row.split("|").length);
    expect(new Set(cells).size).toBe(1);
  }
});

test("nothing that a terminal obeys is drawn of a lab's command, a host's name or a note", () => {
  const obeyed = fc.string({
    unit: fc.constantFrom("a", "\u001B", "\u009B", "\u202E", "\u2066", "\u2028", "\0", "\n", "[", "|", "<"),
    maxLength: 12,
  });
  fc.assert(
    fc.property(obeyed, (text) => {
      const place = { kind: "host", pid: 1, host: text, lab: { pid: 2, command: text } } as const;
      for (const format of ["terminal", "json", "markdown"] as const) {
        const drawn = renderStates(documentOf({ place, notes: [text] }), format, { width: 100, color: false });
        expect(drawn).not.toMatch(/(?!\n)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
      }
    }),
  );
});
