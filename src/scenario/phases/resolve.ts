import { parseComparison } from "../expect/expectation.js";
import { METRICS } from "../../metrics/table.js";
import { commandLine, type CwdOf } from "../parts/command-line.js";
import { goProblems, loadProblems, socketProblems } from "../parts/conflicts.js";
import { milliseconds } from "../parts/duration.js";
import type { LabPlan } from "../parts/lab-types.js";
import type { ClientKind, LoadPlan } from "../parts/load-types.js";
import { type FieldMap, isMap, mergeMaps } from "../parts/maps.js";
import { paceProblems } from "../parts/pace.js";
import { loadPlan } from "../parts/plans.js";
import { schemaProblems } from "../parts/problems.js";
import { isFigureOf } from "./figures.js";
import { fieldsOf, STEP_KINDS, type StepFile, type StepKind, STEPS } from "./schema.js";
import type { Phase, SocketOptions, SocketStep, Step } from "./types.js";
import { eitherPlace, type Path, type Problem } from "../source/problem.js";
import { didYouMean } from "../source/suggest.js";

/** What a variant's steps stand on. */
export interface Surroundings {
  variant: string;
  /** The variant's load as written, and as meant: steps of kind `load` change it. */
  load: FieldMap;
  lab: LabPlan;
  autoClient: ClientKind;
  /** Names of the lab's hosts. */
  hosts: readonly string[];
  /** The one that a load goes to unless it says otherwise. */
  front: string;
  cwdOf: CwdOf;
}

interface Context extends Surroundings {
  problems: Problem[];
  names: Set<string>;
}

/** Steps as written → as meant, in order; a step that is null in a variant is left out. Adds to `problems`. */
export function resolvePhases(phases: FieldMap, around: Surroundings, problems: Problem[]): Phase[] {
  return resolveBlock(phases, ["phases"], { ...around, problems, names: new Set() });
}

function resolveBlock(phases: FieldMap, place: Path, context: Context): Phase[] {
  return Object.entries(phases).flatMap(([name, written]) => {
    if (!isMap(written)) return [];
    const path = [...place, name];
    if (context.names.has(name)) {
      report(context, path, `there are two steps called \`${name}\``, "their figures would go by the same name");
      return [];
    }
    context.names.add(name);
    if (METRIC_GROUPS.has(name))
      report(context, path, `a step cannot be called \`${name}\``, "figures of the whole trial go by that name");
    const step = resolveStep(written, path, context);
    return step === null ? [] : [{ name, ...step }];
  });
}

const HIGHEST_PORT = 65_535;
const METRIC_GROUPS: ReadonlySet<string> = new Set(Object.keys(METRICS));

function resolveStep({ do: kind, ...fields }: FieldMap, path: Path, context: Context): Step | null {
  if (!isStepKind(kind)) {
    report(
      context,
      [...path, "do"],
      `the step \`${path.at(-1)}\` does not say what it does`,
      "`do: read`, `do: connect`, …",
    );
    return null;
  }
  for (const field of ["on", "to"] as const) checkHost(fields[field], [...path, field], kind, context);
  const checked = STEPS[kind].safeParse(fields);
  if (!checked.success) {
    const data = path.reduceRight<unknown>((value, step) => ({ [step]: value }), fields);
    for (const problem of schemaProblems(checked.error.issues, data, () => fieldsOf(kind), path))
      context.problems.push({ ...problem, paths: eitherPlace(context.variant, ...problem.paths) });
    return null;
  }
  return MEANT[kind](checked.data as never, path, context);
}

type Meant = { [Kind in StepKind]: (file: StepFile<Kind>, path: Path, context: Context) => Step | null };

/** Every default and every unit of each kind of step. */
const MEANT: Meant = {
  load: ({ on, to, load }, path, context) => {
    const plan = stepLoad(load ?? {}, path, context);
    return { do: "load", on: on ?? "client", to: to ?? context.front, load: plan };
  },
  wait: (file) => ({ do: "wait", forMs: milliseconds(file.for) }),
  sysctl: ({ on, key, value }) => ({
    do: "sysctl",
    on: on ?? "client",
    key,
    value: value === undefined || value === null ? null : String(value),
  }),
  read: ({ on, port }) => ({ do: "read", on: on ?? "client", port: port ?? null }),
  await: ({ on, port, until, within, every }, path, context) => {
    const wanted = parseComparison(until);
    if (wanted === null || !isFigureOf("read", wanted.figure)) {
      const hint = "such as `time_wait == 0` or `TCPKeepAlive >= 2`";
      report(context, [...path, "until"], `\`${until}\` is not \`<figure of read> <op> <number>\``, hint);
      return null;
    }
    return {
      do: "await",
      on: on ?? "client",
      port: port ?? null,
      ...wanted,
      withinMs: milliseconds(within ?? "10s"),
      everyMs: milliseconds(every ?? "10ms"),
    };
  },
  link: ({ on, state }) => ({ do: "link", on: on ?? "client", state }),
  command: ({ on, count, number, timeout, ...line }, path, { cwdOf }) => ({
    do: "command",
    on: on ?? "client",
    ...commandLine(line, path, cwdOf),
    count: count ?? null,
    number: number ?? null,
    timeoutMs: milliseconds(timeout ?? "5s"),
  }),
  together: ({ phases }, path, context) => block("together", phases, path, context),
  "in-turn": ({ phases }, path, context) => block("in-turn", phases, path, context),
  listen: (file) => ({
    do: "listen",
    ...socket(file),
    ...socketOptions(file),
    port: file.port,
    backlog: file.backlog ?? 128,
  }),
  accept: (file) => ({ do: "accept", ...socket(file), of: file.of, count: file.sockets ?? 1 }),
  bind: (file) => ({ do: "bind", ...socket(file), ...socketOptions(file), port: file.port }),
  connect: (file, path, context) => {
    const { from = null, sockets: count = 1 } = file;
    const last = (from ?? 0) + count - 1;
    if (from !== null && last > HIGHEST_PORT)
      report(context, [...path, "from"], `${count} ports from ${from} on end beyond ${HIGHEST_PORT}`, "begin lower");
    return {
      do: "connect",
      ...socket(file),
      ...socketOptions(file),
      to: file.to ?? "server",
      port: file.port,
      from,
      count,
      watch: file.watch ?? false,
      pending: file.pending ?? false,
    };
  },
  outcome: (file) => ({ do: "outcome", ...socket(file) }),
  options: (file) => ({ do: "options", ...socket(file), ...socketOptions(file) }),
  send: (file, path, context) => {
    const { text = null, bytes = null } = file;
    if ((text === null) === (bytes === null))
      report(context, path, "a send takes either `text` or `bytes`", "such as `bytes: 100000`");
    return { do: "send", ...socket(file), text, bytes };
  },
  receive: (file) => ({ do: "receive", ...socket(file), until: file.upTo ?? "end" }),
  shutdown: (file) => ({ do: "shutdown", ...socket(file) }),
  close: (file) => ({ do: "close", ...socket(file) }),
  segment: (file) => ({
    do: "segment",
    ...socket(file),
    flags: file.flags,
    sequence: file.sequence ?? 0,
    timestamp: file.timestamp === undefined ? 1 : file.timestamp,
  }),
  flood: (file) => ({
    do: "flood",
    ...socket(file),
    to: file.to ?? "server",
    port: file.port,
    count: file.sockets ?? 1,
  }),
};

function block(kind: "together" | "in-turn", phases: unknown, path: Path, context: Context): Step {
  return { do: kind, phases: resolveBlock(isMap(phases) ? phases : {}, [...path, "phases"], context) };
}

function stepLoad(own: FieldMap, path: Path, context: Context): LoadPlan {
  const merged = mergeMaps(context.load, own);
  const plan = loadPlan(merged, context.autoClient);
  const found = [
    ...loadProblems(plan, context.variant),
    ...socketProblems(merged, plan, context.lab, context.variant),
    ...goProblems(merged, plan, context.variant),
    ...paceProblems(merged, plan, context.variant),
  ];
  for (const problem of found) {
    const inStep = problem.paths.map((below): Path => [...path, ...below]);
    context.problems.push({ ...problem, paths: [...inStep, ...problem.paths] as [Path, ...Path[]] });
  }
  if ((plan.warmupMs ?? 0) > 0)
    report(context, [...path, "load", "warmup"], "a load among steps has no warm-up", "let a load go before it");
  return plan;
}

type SocketFile = { on?: string | undefined; socket: string; timeout?: string | undefined };

function socket({ on, socket: name, timeout }: SocketFile): Pick<SocketStep, "on" | "socket" | "timeoutMs"> {
  return { on: on ?? "client", socket: name, timeoutMs: milliseconds(timeout ?? "5s") };
}

type OptionsFile = Pick<StepFile<"options">, "reuseAddress" | "linger" | "nonBlocking" | "keepAlive">;

function socketOptions({ reuseAddress, linger, nonBlocking, keepAlive }: OptionsFile): SocketOptions {
  return {
    reuseAddress: reuseAddress ?? false,
    lingerSec: linger === undefined || linger === null ? null : milliseconds(linger) / 1000,
    nonBlocking: nonBlocking ?? false,
    keepAlive: keepAlive ?? false,
  };
}

function checkHost(name: unknown, path: Path, kind: StepKind, context: Context): void {
  if (typeof name !== "string" || context.hosts.includes(name)) return;
  const spoken = path.at(-1) === "to" && (kind === "connect" || kind === "flood");
  if (spoken && name === "silence") return;
  report(context, path, `the lab has no host \`${name}\``, didYouMean(name, context.hosts));
}

function report(context: Context, path: Path, message: string, hint: string): void {
  context.problems.push({ paths: eitherPlace(context.variant, path), at: "value", message, hint });
}

function isStepKind(kind: unknown): kind is StepKind {
  return STEP_KINDS.some((known) => known === kind);
}
