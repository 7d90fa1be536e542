import { execFileSync } from "node:child_process";
import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { expect, test } from "vitest";
import { metricAt } from "../../src/metrics/names.js";
import type { RunResult } from "../../src/result/types.js";
import { ROOT, runBench } from "../support/bench.js";
import { type Captured, connectionsIn, MARK_PORT } from "../support/capture.js";
import { leftovers } from "../support/leftovers.js";
import { skipUnlessInstalled } from "../support/skip.js";
import { temporaryFolder } from "../support/temporary.js";

/** `npm run captures` takes every client and mode in each topology; the tests take each of them once. */
const ALL = process.env["CAPTURES"] === "all";
const LOAD = { connections: 4, requests: 40 };

type Client = "epoll" | "undici" | "autocannon" | "go";
const CLIENTS: readonly Client[] = ["epoll", "undici", "autocannon", "go"];

/** How connections end, and who can make them end so. */
const MODES: Record<string, { load: Record<string, unknown>; clients: readonly Client[] }> = {
  "the server closes": { load: { connection: "close", closer: "server" }, clients: CLIENTS },
  "the client closes": { load: { connection: "close", closer: "client" }, clients: ["epoll", "undici", "go"] },
  kept: { load: { connection: "keep-alive" }, clients: CLIENTS },
  "the client's limit": { load: { connection: "keep-alive", requestsPerConnection: 10 }, clients: ["epoll", "undici"] },
  "asked at a limit": {
    load: { connection: "keep-alive", requestsPerConnection: 10, closer: "server" },
    clients: ["epoll", "undici"],
  },
  "the server's limit": { load: { connection: "keep-alive", path: "/limit" }, clients: CLIENTS },
  "the server resets": { load: { connection: "keep-alive", path: "/reset" }, clients: CLIENTS },
  "the client resets": { load: { connection: "close", closer: "reset" }, clients: ["epoll"] },
};

/** Where is captured, and the links that are seen there, by the host that listens. */
const TOPOLOGIES = {
  "two-hosts": { at: "server", links: { server: ["client", "server"] } },
  loopback: { at: "server", links: { server: ["client", "server"] } },
  nat: { at: "client", links: { server: ["client", "server"] } },
  proxy: { at: "proxy", links: { proxy: ["client", "proxy"], server: ["proxy", "server"] } },
} as const;
type TopologyName = keyof typeof TOPOLOGIES;
/** `--isolation none`, in a namespace that has nothing but its loopback: like a machine that nobody else uses. */
const ALONE = "no isolation";
const PLACES = [...(Object.keys(TOPOLOGIES) as TopologyName[]), ALONE] as const;

interface Cell {
  name: string;
  load: Record<string, unknown>;
}

function cellsOf(place: (typeof PLACES)[number]): Cell[] {
  const all = Object.entries(MODES).flatMap(([mode, { load, clients }]) =>
    clients.map((client) => ({ name: `${client}: ${mode}`, load: { ...load, client } })),
  );
  return ALL ? all : all.filter((_, index) => index % PLACES.length === PLACES.indexOf(place));
}

/** All loads one after the other in one lab, each behind a mark in the capture. */
function scenarioOf(topology: TopologyName): Record<string, unknown> {
  const { at, links } = TOPOLOGIES[topology];
  const addresses = Object.keys(links).map((host) => `${host} {${host}}`);
  const command = (line: string, more = {}) => ({ do: "command", on: at, command: line, ...more });
  const loads = cellsOf(topology).flatMap(({ load }, index) => [
    [`mark-${index}`, command(`for try in 1 2 3; do bash -c 'echo > /dev/udp/127.0.0.1/${MARK_PORT + index}'; done`)],
    [`load-${index}`, { do: "load", load }],
  ]);
  const phases = {
    addresses: command(`printf '%s %s\\n' ${addresses.join(" ")} > addresses`),
    listening: command("until grep -qs listening capture.out; do sleep 0.05; done"),
    ...(Object.fromEntries(loads) as object),
    stop: command("touch stop"),
  };
  return {
    title: topology,
    lab: { topology },
    server: { kind: "command", port: 8_080, command: "exec node closing_server.cjs {host} {port}" },
    load: LOAD,
    phases: {
      all: {
        do: "together",
        phases: {
          capture: command("python3 capture.py packets.pcap > capture.out", { timeout: "600s" }),
          loads: { do: "in-turn", phases },
        },
      },
    },
    variants: { only: {} },
  };
}

interface Counts {
  opened: number;
  timeWait: { from: number; to: number };
  /** Of connections that ended by FINs. */
  closedFirst: { from: number; to: number };
  reset: number;
}

function onTheWire(connections: readonly Captured[]): Counts {
  const count = (is: (one: Captured) => boolean): number => connections.filter(is).length;
  // FINs that cross leave TIME_WAIT at both ends, and then both are told to have closed first.
  const first = (end: "from" | "to"): number =>
    count(({ firstFin, reset, timeWait: { from, to } }) => (firstFin === end && !reset) || (from && to));
  return {
    opened: connections.length,
    timeWait: { from: count(({ timeWait }) => timeWait.from), to: count(({ timeWait }) => timeWait.to) },
    closedFirst: { from: first("from"), to: first("to") },
    reset: count(({ reset }) => reset),
  };
}

/** @param ended how many connections the shares are of */
function inTheResult(figure: (name: string) => number, ended: number): Counts {
  const share = (name: string): number => Math.round((figure(`closedFirst.${name}`) ?? 0) * ended);
  return {
    opened: figure("opened"),
    timeWait: { from: figure("timeWait.from.created"), to: figure("timeWait.to.created") },
    closedFirst: { from: share("from"), to: share("to") },
    reset: share("reset"),
  };
}

function printed(pcap: Buffer): string {
  return execFileSync("tcpdump", ["-nn", "-S", "-r", "-"], {
    input: pcap,
    encoding: "utf8",
    stdio: "pipe",
    maxBuffer: 2 ** 30,
  });
}

interface Row {
  load: string;
  link: string;
  wire: Counts;
  told: Counts;
  exact: boolean;
}

function rowOf(load: string, [from, to]: readonly [string, string], seen: readonly Captured[], figure: Figure): Row {
  const wire = onTheWire(seen);
  const of = (path: string): number => figure(`links.${from}.${to}.${path}`);
  const told = inTheResult(of, wire.closedFirst.from + wire.closedFirst.to + wire.reset);
  return { load, link: `${from} → ${to}`, wire, told, exact: of("exact") === 1 };
}

type Figure = (path: string) => number;

function expectEqual(place: string, rows: readonly Row[]): void {
  if (ALL) console.log(tableOf(place, rows));
  expect(rows.filter(({ wire }) => wire.opened === 0)).toEqual([]);
  // Where the result says that a table cannot tell, the number of connections is right even so.
  const asMuch = ({ exact, told, wire }: Row): boolean =>
    exact ? isDeepStrictEqual(told, wire) : told.opened === wire.opened;
  expect(rows.filter((row) => !asMuch(row))).toEqual([]);
}

const TIME = { timeout: ALL ? 600_000 : 120_000 };

/** One run with a capture beside it. @param wrapper that the run is started by */
async function captured(
  scenario: Record<string, unknown>,
  args: readonly string[] = [],
  wrapper?: readonly string[],
): Promise<{ cwd: string; seen: Captured[]; result: RunResult }> {
  const cwd = temporaryFolder();
  for (const file of ["closing_server.cjs", "capture.py"])
    cpSync(join(ROOT, "test/fixtures/real", file), join(cwd, file));
  writeFileSync(join(cwd, "captures.yaml"), JSON.stringify(scenario));
  const options = { cwd, timeoutMs: TIME.timeout, ...(wrapper && { wrapper }) };
  const run = await runBench(["run", "captures.yaml", "--trials", "1", "--quiet", "-o", "r.json", ...args], options);
  expect(leftovers(run.mark)).toEqual([]);
  expect([run.exitCode, run.stderr]).toEqual([0, ""]);
  expect(readFileSync(join(cwd, "capture.out"), "utf8")).toBe("listening\ndropped 0\n");
  const seen = connectionsIn(printed(readFileSync(join(cwd, "packets.pcap"))));
  return { cwd, seen, result: JSON.parse(readFileSync(join(cwd, "r.json"), "utf8")) as RunResult };
}

test.for(Object.keys(TOPOLOGIES) as TopologyName[])(
  "links tell what a capture shows, to the unit: %s",
  TIME,
  async (topology, context) => {
    skipUnlessInstalled(context, "tcpdump", "python3", "bash");
    const { cwd, seen, result } = await captured(scenarioOf(topology));
    const lines = readFileSync(join(cwd, "addresses"), "utf8").trim().split("\n");
    const addresses = Object.fromEntries(lines.map((line) => line.split(" "))) as Record<string, string>;
    const { figures } = result.variants["only"]!;
    const rows = cellsOf(topology).flatMap(({ name }, index) =>
      Object.entries<readonly [string, string]>(TOPOLOGIES[topology].links).map(([host, link]) => {
        const belongs = ({ mark, to, port }: Captured): boolean =>
          mark === index && to === addresses[host] && port === 8_080;
        return rowOf(name, link, seen.filter(belongs), (path) => figures[`load-${index}.${path}`] as number);
      }),
    );
    expectEqual(topology, rows);
  },
);

test("links tell what a capture shows, to the unit: --isolation none", TIME, async (context) => {
  skipUnlessInstalled(context, "tcpdump", "python3", "unshare", "ip");
  // Steps take a lab: each load has a server of its own, by whose port its connections are known.
  const cells = cellsOf(ALONE);
  const variants = cells.map(({ load }, index) => {
    const server = { kind: "command", port: 8_080 + index, ready: { line: "^listening" } };
    return [`load-${index}`, { server: { ...server, command: "exec node closing_server.cjs {host} {port}" }, load }];
  });
  const scenario = { title: ALONE, load: LOAD, variants: Object.fromEntries(variants) as object };
  const { seen, result } = await captured(
    scenario,
    ["--isolation", "none"],
    [
      "unshare",
      "--user",
      "--map-root-user",
      "--net",
      "sh",
      "-c",
      `ip link set lo up
    python3 capture.py packets.pcap > capture.out & until grep -qs listening capture.out; do sleep 0.05; done
    "$@"; code=$?; touch stop; wait; exit $code`,
      "sh",
    ],
  );
  const rows = cells.map(({ name }, index) => {
    const [trial] = result.variants[`load-${index}`]!.trials;
    // A port that still has TIME_WAIT is not taken.
    const listener = metricAt(trial!, "links.client.server.port");
    return rowOf(
      name,
      ["client", "server"],
      seen.filter(({ port }) => port === listener),
      (path) => metricAt(trial!, path) as number,
    );
  });
  expectEqual(ALONE, rows);
});

function tableOf(topology: string, rows: readonly Row[]): string {
  const cell = ({ opened, timeWait, reset }: Counts): string => `${opened}, ${timeWait.from}/${timeWait.to}, ${reset}`;
  const lines = rows.map(
    ({ load, link, wire, told, exact }) =>
      `| ${load} | ${link} | ${cell(wire)} | ${exact ? "" : "≈ "}${cell(told)}${isDeepStrictEqual(wire, told) ? "" : " ✗"} |`,
  );
  return [
    `${topology}: opened, TIME_WAIT from/to, resets`,
    "| load | link | capture | result |",
    "| --- | --- | --- | --- |",
    ...lines,
  ].join("\n");
}
