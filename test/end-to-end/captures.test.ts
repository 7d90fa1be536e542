import { execFileSync } from "node:child_process";
import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { expect, test } from "vitest";
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

interface Cell {
  name: string;
  load: Record<string, unknown>;
}

function cellsOf(topology: TopologyName): Cell[] {
  const all = Object.entries(MODES).flatMap(([mode, { load, clients }]) =>
    clients.map((client) => ({ name: `${client}: ${mode}`, load: { ...load, client } })),
  );
  const names = Object.keys(TOPOLOGIES);
  return ALL ? all : all.filter((_, index) => index % names.length === names.indexOf(topology));
}

/** All loads one after the other in one lab, each behind a mark in the capture. */
function scenario(topology: TopologyName): Record<string, unknown> {
  const { at, links } = TOPOLOGIES[topology];
  const addresses = Object.keys(links).map((host) => `${host} {${host}}`);
  const command = (line: string, more = {}) => ({ do: "command", on: at, command: line, ...more });
  const loads = cellsOf(topology).flatMap(({ load }, index) => [
    [`mark-${index}`, command(`for try in 1 2 3; do bash -c 'echo > /dev/udp/127.0.0.1/${MARK_PORT + index}'; done`)],
    [`load-${index}`, { do: "load", load }],
  ]);
  const phases = {
    addresses: command(`printf '%s %s\\n' ${addresses.join(" ")} > addresses`),
    listening: command("until grep -q listening capture.out; do sleep 0.05; done"),
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

test.for(Object.keys(TOPOLOGIES) as TopologyName[])(
  "links tell what a capture shows, to the unit: %s",
  { timeout: ALL ? 600_000 : 120_000 },
  async (topology, context) => {
    skipUnlessInstalled(context, "tcpdump", "python3", "bash");
    const cwd = temporaryFolder();
    for (const file of ["closing_server.cjs", "capture.py"])
      cpSync(join(ROOT, "test/fixtures/real", file), join(cwd, file));
    writeFileSync(join(cwd, "captures.yaml"), JSON.stringify(scenario(topology)));
    const args = ["run", "captures.yaml", "--quiet", "-o", "r.json"];
    const run = await runBench(args, { cwd, timeoutMs: ALL ? 600_000 : 120_000 });
    expect(leftovers(run.mark)).toEqual([]);
    expect([run.exitCode, run.stderr]).toEqual([0, ""]);
    expect(readFileSync(join(cwd, "capture.out"), "utf8")).toBe("listening\ndropped 0\n");
    const seen = connectionsIn(printed(readFileSync(join(cwd, "packets.pcap"))));
    const lines = readFileSync(join(cwd, "addresses"), "utf8").trim().split("\n");
    const addresses = Object.fromEntries(lines.map((line) => line.split(" "))) as Record<string, string>;
    const { figures } = (JSON.parse(readFileSync(join(cwd, "r.json"), "utf8")) as RunResult).variants["only"]!;
    const rows = cellsOf(topology).flatMap(({ name }, index) =>
      Object.entries(TOPOLOGIES[topology].links).map(([host, [from, to]]) => {
        const belongs = ({ mark, to: address, port }: Captured): boolean =>
          mark === index && address === addresses[host] && port === 8_080;
        const wire = onTheWire(seen.filter(belongs));
        const figure = (path: string): number => figures[`load-${index}.links.${from}.${to}.${path}`] as number;
        const told = inTheResult(figure, wire.closedFirst.from + wire.closedFirst.to + wire.reset);
        const exact = figure("exact") === 1;
        return { load: name, link: `${from} → ${to}`, wire, told, exact };
      }),
    );
    if (ALL) console.log(tableOf(topology, rows));
    expect(rows.filter(({ wire }) => wire.opened === 0)).toEqual([]);
    // Where the result says that a table cannot tell, the number of connections is right even so.
    const asMuch = (row: (typeof rows)[number]): boolean =>
      row.exact ? isDeepStrictEqual(row.told, row.wire) : row.told.opened === row.wire.opened;
    expect(rows.filter((row) => !asMuch(row))).toEqual([]);
  },
);

function tableOf(
  topology: string,
  rows: readonly { load: string; link: string; wire: Counts; told: Counts; exact: boolean }[],
): string {
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
