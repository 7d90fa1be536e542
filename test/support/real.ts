import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { expect } from "vitest";
import type { Finding } from "../../src/findings/types.js";
import type { RunResult } from "../../src/result/types.js";
import { DIST, ROOT, runBench, runProgram } from "./bench.js";
import { leftovers } from "./leftovers.js";
import { temporaryFolder } from "./temporary.js";

/** Real programs as a user has them: a scenario, and other observers than us on the same hosts. */

export const SIDES = ["base", "head", "innocent"] as const;
export type Side = (typeof SIDES)[number];

export interface RealService {
  /** Files of test/fixtures/real that the commands name. */
  files: readonly string[];
  lab: Record<string, unknown>;
  /** Hosts of the lab on which `ss` looks. */
  hosts: readonly string[];
  load: Record<string, unknown>;
  /** The fault is what head does otherwise than base; `innocent` does something that is nobody's fault. */
  commands: Readonly<Record<Side, string>>;
  /** Command lines that make a program tell its own counts, before and after the load, by name; each on its host. */
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
  /** Sockets in TIME_WAIT on a host after the load, by `ss`. @param port of the listener */
  timeWaitBySs(host: string, end: "from" | "to", port: number): number;
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

export interface RealRun {
  sides: Record<Side, Measured>;
  judge(head: "head" | "innocent"): Promise<Judgement>;
}

const COUNTED = /^load\.links\..*\.(?:opened|created)$/u;

/** One run of all three sides, in a lab of its own each. */
export async function runReal(service: RealService): Promise<RealRun> {
  const cwd = temporaryFolder();
  for (const file of service.files) cpSync(join(ROOT, "test/fixtures/real", file), join(cwd, file));
  writeFileSync(join(cwd, "real.yaml"), JSON.stringify(scenarioOf(service)));
  const run = await runBench(["run", "real.yaml", "--trials", "1", "--quiet", "-o", "r.json"], { cwd });
  expect(leftovers(run.mark)).toEqual([]);
  expect([run.exitCode, run.stderr]).toEqual([0, ""]);
  const result = JSON.parse(readFileSync(join(cwd, "r.json"), "utf8")) as RunResult;
  const measured = (side: Side): Measured => {
    const { figures, trials } = result.variants[side]!;
    for (const { books } of trials) expect(books.filter(({ balanced }) => !balanced)).toEqual([]);
    return {
      figure: (path) => {
        const value = figures[`load.${path}`];
        expect(value, `${path} of ${side} in ${JSON.stringify(trials[0]!.links)}`).toBeTypeOf("number");
        return value as number;
      },
      timeWaitBySs: (host, end, port) =>
        socketsOf(readFileSync(join(cwd, `${side}.${host}.ss`), "utf8")).filter(
          (socket) => socket.state === "TIME-WAIT" && (end === "to" ? socket.local : socket.peer).port === port,
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
    sides: { base: measured("base"), head: measured("head"), innocent: measured("innocent") },
    judge: async (head) => {
      const sides = ["compare", "--sides", `base,${head}`, "r.json"];
      const { exitCode, stdout, stderr } = await runProgram(process.execPath, [`${DIST}cli.js`, ...sides], { cwd });
      return { exitCode, firstLine: stdout.split("\n")[0] ?? "", text: stdout + stderr };
    },
  };
}

function scenarioOf({ lab, hosts, load, commands, asks = {} }: RealService): Record<string, unknown> {
  type Steps = Record<string, unknown>;
  const asking = (side: Side, when: string): Steps => {
    const told = Object.entries(asks).map(([name, { on, command }]) => {
      return [`${name}-${when}`, { do: "command", on, command: `${command} > ${side}.${name}.${when}` }];
    });
    return Object.fromEntries(told) as Steps;
  };
  const looking = (side: Side): Steps =>
    Object.fromEntries(hosts.map((on) => [`ss-${on}`, { do: "command", on, command: `ss -Htan > ${side}.${on}.ss` }]));
  const phases = (side: Side): Steps => ({
    ...asking(side, "before"),
    load: { do: "load" },
    ...looking(side),
    ...asking(side, "after"),
  });
  return {
    title: "a real service",
    lab,
    load,
    variants: Object.fromEntries(
      SIDES.map((side) => [
        side,
        { server: { kind: "command", port: 8080, command: commands[side] }, phases: phases(side) },
      ]),
    ),
  };
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
    from: side.timeWaitBySs(from, "from", port),
    to: side.timeWaitBySs(to, "to", port),
  });
}

/**
 * Head is told by its link, in the first line; what nobody did wrong ends with 0 and is never told as worse. Where innocent
 * did to connections what base did, it is the same; where chance made it do otherwise, that is left open.
 */
export async function expectTold(run: RealRun, firstLine: RegExp): Promise<void> {
  const head = await run.judge("head");
  expect(head, `head: ${head.text}`).toMatchObject({
    exitCode: 1,
    firstLine: expect.stringMatching(firstLine) as string,
  });
  const innocent = await run.judge("innocent");
  expect(innocent.exitCode, `innocent: ${innocent.text}`).toBe(0);
  const { base, innocent: other } = run.sides;
  const alike = isDeepStrictEqual(base.counts, other.counts);
  expect(innocent.firstLine).toMatch(
    alike ? /^(?:same: |unclear: connections behave as in base; )/u : /^(?:same|unclear): /u,
  );
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
