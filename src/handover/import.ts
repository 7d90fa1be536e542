import { k6 } from "../client/tools/k6.js";
import type { Claims, Said } from "../client/tools/types.js";
import { BenchError } from "../errors.js";
import type { RunResult } from "../result/types.js";
import type { Scenario } from "../scenario/types.js";
import type { HostRecord } from "../watch/types.js";
import { plural } from "../text/figures.js";
import { resultOfHosts } from "./hosts.js";

/** A file as it was read. */
export interface Read<Of> {
  file: string;
  of: Of;
}

/**
 * What was recorded in several namespaces, with what k6 says in them, as one result with a host each. Pure.
 * @param scenario the variant that was handed over, alone; null: it is made of what was seen
 * @throws BenchError `bad-result` for a file that is none of these
 */
export function importOf(
  records: readonly Read<RunResult>[],
  summaries: readonly Read<string>[],
  scenario: Scenario | null,
): RunResult {
  const names = new Set<string>();
  const hosts = records.map(({ file, of }): HostRecord => {
    if (of.recording === undefined)
      throw new BenchError("bad-result", `${file} is no recording`, "They are written by bench watch --record FILE.");
    return { ...of.recording, name: freeName(nameIn(file), names) };
  });
  const claims = summaries.length === 0 ? null : together(summaries.map(saidIn));
  const what =
    claims === null
      ? plural(hosts.length, "namespace")
      : `k6 in ${summaries.length} of ${plural(hosts.length, "namespace")}`;
  const isComplete = records.every(({ of }) => of.status === "complete");
  return resultOfHosts(hosts, {
    what,
    isComplete,
    // Several machines may have watched: the header has room for one.
    environment: records[0]!.of.environment,
    ...(claims === null ? {} : { claims }),
    ...(scenario === null ? {} : { scenario }),
  });
}

/** `pods/churn-close-1-x7.watch.json` → `churn-close-1-x7`: as hosts in a lab are called. */
function nameIn(file: string): string {
  const [base = ""] = (file.split("/").at(-1) ?? "").split(".");
  const name = base.toLowerCase().replaceAll(/[^a-z0-9-]+/gu, "-");
  return (/^[a-z]/u.test(name) ? name : `host-${name}`).slice(0, 31);
}

function freeName(name: string, taken: Set<string>): string {
  let free = name;
  for (let nth = 2; taken.has(free); nth++) free = `${name.slice(0, 27)}-${nth}`;
  taken.add(free);
  return free;
}

function saidIn({ file, of }: Read<string>): Said {
  const said = k6.read({ stdout: of, stderr: "", exitCode: 0 });
  if (said !== null) return said;
  throw new BenchError(
    "bad-result",
    `${file} holds no summary of k6`,
    "It is what a script of bench export k6 prints at its end: kubectl logs POD --container k6.",
  );
}

/** Counts add up. Percentiles of several pods do not: of them nothing is said. */
function together(said: readonly Said[]): Claims {
  const sum = (of: (one: Said) => number | null): number | null => {
    const all = said.map(of);
    return all.includes(null) ? null : all.reduce<number>((total, value) => total + (value ?? 0), 0);
  };
  const [only] = said;
  return {
    tool: said.length === 1 ? "k6" : `k6 in ${said.length} pods`,
    requests: sum(({ requests }) => requests),
    succeeded: sum(({ succeeded }) => succeeded),
    failed: sum(({ failed }) => failed),
    perSec: sum(({ perSec }) => perSec),
    latencyUs: said.length === 1 ? only!.latencyUs : null,
    seconds: said.reduce<number | null>(
      (most, { seconds }) => (seconds === null ? most : Math.max(most ?? 0, seconds)),
      null,
    ),
    exitCode: null,
  };
}
