import type { NamedLink } from "../links/named.js";
import { allPhases, type CommandStep } from "../scenario/phases/types.js";
import type { LoadPlan, Variant } from "../scenario/types.js";
import type { FindingCode } from "./codes.js";
import { type Load, loadOf, loadOfStep } from "./loads.js";
import type { FiguresOf, KernelView, LinkName, MeasuredTrial, Severity } from "./types.js";

/** Ports held, of those that a host has towards one listener: connect() begins to fail before the last one is taken. */
const PORTS_HELD = 0.99;
/** The same where requests failed, and those that were under way may have held the rest. */
const PORTS_NEARLY_HELD = 0.9;
/** Connections for each request, from which on a link is said to churn. */
const CHURNS = 0.5;
/** Connections that end in a reset, from which on it is said. */
const RESETS = 0.05;
/** What connect() fails with where no local port is free: by itself, and after a bind(). */
const NO_PORT = ["EADDRNOTAVAIL", "EADDRINUSE"] as const;

/** What one trial shows, before it has words. */
export type Sighting<Code extends FindingCode = FindingCode> = {
  [Each in Code]: {
    code: Each;
    severity: Severity;
    step: string | null;
    link: LinkName | null;
    figures: FiguresOf[Each];
    /** How much of it there is: which of several trials is the one in the middle. */
    size: number;
  };
}[Code];

/**
 * @param isolated whether what the kernels counted is the run's alone
 * @param asked the figures that the scenario judges: a command whose end it asks for has not failed
 */
export function findIn(
  trial: MeasuredTrial,
  plan: Variant,
  { isolated, asked }: { isolated: boolean; asked: ReadonlySet<string> },
): Sighting[] {
  const steps = allPhases(plan.phases);
  const loads = plan.phases.length === 0 ? [{ load: loadOf(trial), plan: plan.load }] : [];
  for (const step of steps) {
    const load = step.do === "load" ? loadOfStep(trial.figures, step.name) : null;
    if (step.do === "load" && load !== null) loads.push({ load, plan: step.load });
  }
  return [
    ...loads.flatMap((one) => requestsFailed(one.load)),
    ...loads.flatMap((one) => portsExhausted(one.load, one.plan, trial)),
    ...steps.flatMap((step) => (step.do === "command" ? commandFailed(step, trial, asked) : [])),
    ...(isolated ? hostsOf(trial, plan).flatMap(overflows) : []),
    ...loads.flatMap((one) => linkChurns(one.load, one.plan)),
    ...loads.flatMap((one) => resets(one.load, one.plan)),
  ];
}

function requestsFailed({ step, requests: { failed, sent }, errors }: Load): Sighting[] {
  if (failed === 0) return [];
  const kinds = Object.fromEntries(Object.entries(errors).filter(([, n]) => n > 0));
  const figures = { failed, sent, kinds };
  return [{ code: "requests-failed", severity: "problem", step, link: null, figures, size: failed }];
}

function portsExhausted(
  { step, requests: { failed, sent }, errors, links }: Load,
  { connections }: LoadPlan,
  trial: MeasuredTrial,
): Sighting[] {
  const all = NO_PORT.map((kind) => [kind, errors[kind] ?? 0] as const).filter(([, n]) => n > 0);
  const [own, ...others] = links;
  const isFull = ({ link: { ports } }: NamedLink): boolean =>
    ports.limit !== null && ports.limit > 0 && ports.used >= fullFrom(ports.limit, failed > 0 ? connections : 0);
  const told = (at: NamedLink | undefined, refused: Record<string, number>): Sighting => {
    const name = { from: at?.from ?? "client", to: at?.to ?? "server" };
    const range = kernelOf(trial, name.from)?.localPorts ?? null;
    const ports = at?.link.ports.limit ?? (range === null ? null : range.high - range.low + 1);
    const { low, high } = range ?? { low: null, high: null };
    const figures = { used: at?.link.ports.used ?? null, ports, low, high, refused, failed, sent };
    const severity = failed > 0 ? "problem" : "notice";
    return { code: "ports-exhausted", severity, step, link: name, figures, size: failed };
  };
  const refused = Object.fromEntries(all);
  return [
    ...(all.length > 0 || (own !== undefined && isFull(own)) ? [told(own, refused)] : []),
    ...others.filter(isFull).map((link) => told(link, {})),
  ];
}

/**
 * A table is read once a second, and does not show the moment in which the last port was taken: where requests failed,
 * those that were under way may have held what it shows as free.
 */
function fullFrom(limit: number, underWay: number): number {
  return underWay === 0
    ? PORTS_HELD * limit
    : Math.max(PORTS_NEARLY_HELD * limit, Math.min(PORTS_HELD * limit, limit - underWay));
}

function commandFailed(
  { name, on, timeoutMs }: CommandStep & { name: string },
  { figures: of }: MeasuredTrial,
  asked: ReadonlySet<string>,
): Sighting[] {
  const exitCode = of[`${name}.exitCode`];
  // It was not come to.
  if (exitCode === undefined || exitCode === 0) return [];
  const signal = of[`${name}.signal`] ?? "none";
  const output = of[`${name}.output`] ?? null;
  const figures = {
    host: on,
    exitCode: typeof exitCode === "number" ? exitCode : null,
    signal: signal === "none" ? null : String(signal),
    timedOut: of[`${name}.timedOut`] === 1,
    timeoutMs,
    output: output === null ? null : String(output),
  };
  const severity = ["exitCode", "signal", "timedOut"].some((one) => asked.has(`${name}.${one}`)) ? "fact" : "problem";
  return [{ code: "command-failed", severity, step: name, link: null, figures, size: 1 }];
}

interface HostKernel extends KernelView {
  host: string;
}

/** One host that plays both roles is counted once. */
function hostsOf({ kernel, otherKernels }: MeasuredTrial, { lab }: Variant): HostKernel[] {
  const { client, server } = kernel;
  const all: [string, KernelView | null][] =
    lab.topology === "loopback"
      ? [["the host", server]]
      : [
          ["client", client],
          ["server", server],
        ];
  return [...all, ...Object.entries(otherKernels ?? {})].flatMap(([host, view]) =>
    view === null ? [] : [{ host, ...view }],
  );
}

function kernelOf({ kernel, otherKernels }: MeasuredTrial, host: string): KernelView | null {
  return host === "client" || host === "server" ? kernel[host] : (otherKernels?.[host] ?? null);
}

/** Of the accept queue (net/ipv4/tcp_ipv4.c, tcp_v4_syn_recv_sock), and of TIME_WAIT (net/ipv4/inet_timewait_sock.c). */
function overflows({ host, counters, sysctls }: HostKernel): Sighting[] {
  const found: Sighting[] = [];
  const at = { step: null, link: null };
  const overflowed = counters["TcpExt:ListenOverflows"] ?? 0;
  const drops = counters["TcpExt:ListenDrops"] ?? 0;
  if (overflowed + drops > 0)
    found.push({
      code: "listen-overflow",
      severity: "problem",
      ...at,
      figures: { host, overflows: overflowed, drops },
      size: overflowed + drops,
    });
  const refused = counters["TcpExt:TCPTimeWaitOverflow"] ?? 0;
  const limit = sysctls["net.ipv4.tcp_max_tw_buckets"];
  if (refused > 0)
    found.push({
      code: "buckets-overflow",
      severity: "notice",
      ...at,
      figures: { host, refused, limit: limit === undefined ? null : Number(limit) },
      size: refused,
    });
  return found;
}

/** A pool is opened however few requests there are. */
function linkChurns({ step, requests: { sent }, links }: Load, { connections }: LoadPlan): Sighting[] {
  return links.slice(1).flatMap(({ from, to, link }): Sighting[] => {
    const { opened, perRequest, timeWait, exact } = link;
    if (perRequest === null || perRequest < CHURNS || opened <= connections) return [];
    const created = { from: timeWait.from.created, to: timeWait.to?.created ?? null };
    const figures = { opened, sent, perRequest, timeWait: created, exact };
    return [{ code: "link-churns", severity: "notice", step, link: { from, to }, figures, size: perRequest }];
  });
}

function resets({ step, reset, opened, links: [own] }: Load, { closer }: LoadPlan): Sighting[] {
  if (closer === "reset" || reset === null || reset < RESETS) return [];
  const link = { from: own?.from ?? "client", to: own?.to ?? "server" };
  return [{ code: "resets", severity: "notice", step, link, figures: { share: reset, opened }, size: reset }];
}
