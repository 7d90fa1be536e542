import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { expect } from "vitest";
import type { Finding } from "../../src/findings/types.js";
import type { RunResult } from "../../src/result/types.js";
import { DIST, ROOT, runProgram } from "./bench.js";
import { benchHere } from "./here.js";
import { leftovers } from "./leftovers.js";
import { temporaryFolder } from "./temporary.js";

/** Real programs as a user has them: a scenario, and other observers than us on the same hosts. */

/** What is nobody's fault, and each fault by a name of its own. */
type Side<Fault extends string> = "base" | "innocent" | Fault;

export interface RealService<Fault extends string> {
  /** Files of test/fixtures/real that the commands name. */
  files: readonly string[];
  lab: Record<string, unknown>;
  /** Hosts of the lab on which `ss` looks. */
  hosts: readonly string[];
  load: Record<string, unknown>;
  /** `innocent` does otherwise than base, and is no fault. */
  commands: Readonly<Record<"base" | "innocent", string>>;
  faults: Readonly<Record<Fault, string>>;
  /** Command lines that tell a program's own counts, before and after the load, by name; each on its host. */
  asks?: Readonly<Record<string, { on: string; command: string }>>;
}

/** A socket as `ss` shows it. */
export interface Socket {
  state: string;
  local: { address: string; port: number };
  peer: { address: string; port: number };
}

export interface Measured {
  /** A figure of the load, such as `links.server.backend.opened`. */
  figure(path: string): number;
  /** Sockets of a link in TIME_WAIT after the load, at one of its ends, by `ss`. @param link with the listener's port */
  timeWaitBySs(link: Pick<Seen, "from" | "to" | "port">, end: "from" | "to"): number;
  /** What a program said before and after the load. */
  said<T>(ask: string, read: (text: string) => T): [before: T, after: T];
  /** How many connections each link opened, and how many TIME_WAIT it left. */
  counts: Readonly<Record<string, unknown>>;
  /** What failed or stands out. */
  findings: Finding[];
}

export interface Judgement {
  exitCode: number | null;
  firstLine: string;
  /** All that was said, for the message of a test that fails. */
  text: string;
}

export interface RealRun<Fault extends string> {
  sides: Record<Side<Fault>, Measured>;
  judge(head: "innocent" | Fault): Promise<Judgement>;
}

const COUNTED = /^load\.links\..*\.(?:opened|created)$/u;

/** One run of all sides, in a lab of its own each. */
export async function runReal<Fault extends string>(service: RealService<Fault>): Promise<RealRun<Fault>> {
  const cwd = temporaryFolder();
  for (const file of service.files) cpSync(join(ROOT, "test/fixtures/real", file), join(cwd, file));
  writeFileSync(join(cwd, "real.yaml"), JSON.stringify(scenarioOf(service)));
  const run = await benchHere(["run", "real.yaml", "--trials", "1", "--quiet", "-o", "r.json"], { cwd });
  expect(leftovers(run.mark)).toEqual([]);
  expect([run.exitCode, run.stderr]).toEqual([0, ""]);
  const result = JSON.parse(readFileSync(join(cwd, "r.json"), "utf8")) as RunResult;
  const measured = (side: string): Measured => {
    const { figures, trials } = result.variants[side]!;
    for (const { books } of trials) expect(books.filter(({ balanced }) => !balanced)).toEqual([]);
    return {
      figure: (path) => {
        const value = figures[`load.${path}`];
        expect(value, `${path} of ${side} in ${JSON.stringify(trials[0]!.links)}`).toBeTypeOf("number");
        return value as number;
      },
      timeWaitBySs: ({ from, to, port }, end) =>
        socketsOf(readFileSync(join(cwd, `${side}.${end === "from" ? from : to}.ss`), "utf8")).filter(
          ({ state, local, peer }) =>
            state === "TIME-WAIT" &&
            (end === "to" ? local : peer).port === port &&
            (from === to) === (local.address === peer.address),
        ).length,
      said: (ask, read) => {
        const told = (when: string) => read(readFileSync(join(cwd, `${side}.${ask}.${when}`), "utf8"));
        return [told("before"), told("after")];
      },
      counts: Object.fromEntries(Object.entries(figures).filter(([path]) => COUNTED.test(path))),
      // How busy the machine is that they are tested on is no matter of theirs.
      findings: result.findings.filter(
        ({ variant, severity, code }) => variant === side && severity !== "fact" && !code.endsWith("-starved"),
      ),
    };
  };
  return {
    sides: Object.fromEntries(
      [...Object.keys(service.commands), ...Object.keys(service.faults)].map((side) => [side, measured(side)]),
    ) as Record<Side<Fault>, Measured>,
    judge: async (head) => {
      const sides = ["compare", "--sides", `base,${head}`, "r.json"];
      const { exitCode, stdout, stderr } = await runProgram(process.execPath, [`${DIST}cli.js`, ...sides], { cwd });
      return { exitCode, firstLine: stdout.split("\n")[0] ?? "", text: stdout + stderr };
    },
  };
}

function scenarioOf<Fault extends string>(service: RealService<Fault>): Record<string, unknown> {
  const { lab, hosts, load, commands, faults, asks = {} } = service;
  /** All that is looked at on each host at once, for a step is what costs time. */
  const looking = (side: string, when: "before" | "after"): Record<string, unknown> => {
    const onHost = (host: string): string[] => [
      ...(when === "after" ? [`ss -Htan > ${side}.${host}.ss`] : []),
      ...Object.entries(asks).flatMap(([name, { on, command }]) =>
        on === host ? [`${command} > ${side}.${name}.${when}`] : [],
      ),
    ];
    const steps = hosts.flatMap((on) => {
      const lines = onHost(on);
      return lines.length === 0 ? [] : [[`${when}-${on}`, { do: "command", on, command: lines.join("; ") }]];
    });
    return steps.length === 0 ? {} : { [when]: { do: "together", phases: Object.fromEntries(steps) as object } };
  };
  const variants = Object.entries<string>({ ...commands, ...faults }).map(([side, command]) => {
    const phases = { ...looking(side, "before"), load: { do: "load" }, ...looking(side, "after") };
    return [side, { server: { kind: "command", port: 8080, command }, phases }];
  });
  return { title: "a real service", lab, load, variants: Object.fromEntries(variants) as object };
}

/** The links of a side, and what was seen of them by others. */
interface Seen {
  from: string;
  to: string;
  port: number;
  /** What the program that listens has counted itself. */
  accepted: number;
}

/** A link of the result is as the listening program counted it, and as `ss` shows it on both of its hosts. */
export function expectLinkAsSeen(side: Measured, { from, to, port, accepted }: Seen): void {
  const label = port === 8080 || to !== "server" ? to : `${to}:${port}`;
  const figure = (path: string): number => side.figure(`links.${from}.${label}.${path}`);
  expect(figure("opened"), `${from} → ${label}`).toBe(accepted);
  const created = { from: figure("timeWait.from.created"), to: figure("timeWait.to.created") };
  expect(created, `TIME_WAIT of ${from} → ${label}`).toEqual({
    from: side.timeWaitBySs({ from, to, port }, "from"),
    to: side.timeWaitBySs({ from, to, port }, "to"),
  });
}

/**
 * Each fault is told by its link, in the first line. What is nobody's fault stands out in nothing, ends with 0 and is never
 * told as worse: where it did to connections what base did, it is the same; where chance made it do otherwise, that is left
 * open.
 */
export async function expectTold<Fault extends string>(
  run: RealRun<Fault>,
  firstLines: Readonly<Partial<Record<Fault, RegExp>>>,
): Promise<void> {
  for (const [fault, line] of Object.entries(firstLines) as [Fault, RegExp][]) {
    const { exitCode, firstLine, text } = await run.judge(fault);
    expect([exitCode, firstLine], `${fault}: ${text}`).toEqual([1, expect.stringMatching(line)]);
  }
  const { base, innocent } = run.sides;
  expect([...base.findings, ...innocent.findings]).toEqual([]);
  const { exitCode, firstLine, text } = await run.judge("innocent");
  const alike = isDeepStrictEqual(base.counts, innocent.counts);
  const silent = alike ? /^(?:same: |unclear: connections behave as in base; )/u : /^(?:same|unclear): /u;
  expect([exitCode, firstLine], `innocent: ${text}`).toEqual([0, expect.stringMatching(silent)]);
}

/** @param text of `ss -Htan`: state, queues, and both ends */
function socketsOf(text: string): Socket[] {
  return text
    .split("\n")
    .filter((line) => line.trim() !== "")
    .map((line) => {
      const [state = "", , , local = "", peer = ""] = line.trim().split(/\s+/u);
      return { state, local: endOf(local), peer: endOf(peer) };
    });
}

function endOf(text: string): { address: string; port: number } {
  const at = text.lastIndexOf(":");
  return { address: text.slice(0, at), port: Number(text.slice(at + 1)) };
}
