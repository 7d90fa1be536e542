import type { TimeWaitFigures } from "../metrics/table.js";
import type { LoadPlan, Variant } from "../scenario/types.js";
import type { ClosedFirst, End, Ports } from "./figures.js";
import { durationOf, type Load } from "./loads.js";
import type { KernelView, LinkName, MeasuredTrial } from "./types.js";

/** TCP_TIMEWAIT_LEN, a constant of Linux (include/net/tcp.h). */
export const TIME_WAIT_SECONDS = 60;

/** What connect() fails with where no local port is free: by itself, and after a bind(). */
export const NO_PORT = ["EADDRNOTAVAIL", "EADDRINUSE"] as const;

/** One link under a load, with the kernels of its ends: what is told of the client's own holds for every other too. */
export interface Hop {
  link: LinkName;
  /** The load makes its connections itself. */
  own: boolean;
  opened: number;
  /** Opened, each second. */
  perSec: number;
  /** Requests that succeeded, for each connection; null where nobody counts them. */
  requestsPer: number | null;
  /** null where it could not be read; `to` is null where that is no host of the lab. */
  timeWait: { from: TimeWaitFigures; to: TimeWaitFigures | null } | null;
  closedFirst: ClosedFirst | null;
  /** Of the end that connects; null where they were not read. */
  ports: Ports | null;
  kernels: Record<End, KernelView | null>;
  /** 0 where it is not known. */
  durationMs: number;
}

/** What is known beside the figures of a load. */
export interface Around {
  variant: Variant;
  plan: LoadPlan;
  trial: MeasuredTrial;
  /** What its kernels counted is the run's alone. Without it there is nothing but this machine's loopback. */
  isolated: boolean;
}

/** One host plays both roles. */
export function isShared({ variant, isolated }: Pick<Around, "variant" | "isolated">): boolean {
  return !isolated || variant.lab.topology === "loopback";
}

/** All links of a load, its own first. */
export function linksOfLoad(load: Load, around: Around): Hop[] {
  const { trial } = around;
  const durationMs = load.step === null ? trial.durationMs : durationOf(load);
  const [own, ...others] = load.links;
  const { timeWait, closedFirst, connections } = load;
  const link = { from: own?.from ?? "client", to: own?.to ?? "server" };
  const ownHop: Hop = {
    link,
    own: true,
    opened: connections.opened,
    perSec: connections.perSec,
    requestsPer: connections.requestsPer,
    timeWait: timeWait && { from: timeWait.client, to: timeWait.server },
    closedFirst: closedFirst && { from: closedFirst.client, to: closedFirst.server, reset: closedFirst.reset },
    ports: portsOf(around, load, link.from),
    kernels: kernelsOf(around, load, link),
    durationMs,
  };
  return [ownHop, ...others.map((other) => otherHop(other, load, around, durationMs))];
}

function otherHop({ from, to, link }: Load["links"][number], load: Load, around: Around, durationMs: number): Hop {
  const { opened, timeWait, closedFirst } = link;
  return {
    link: { from, to },
    own: false,
    opened,
    perSec: durationMs <= 0 ? 0 : (opened * 1000) / durationMs,
    requestsPer: load.requests.succeeded === null ? null : opened === 0 ? 0 : load.requests.succeeded / opened,
    timeWait,
    closedFirst,
    ports: portsOf(around, load, from),
    kernels: kernelsOf(around, load, { from, to }),
    durationMs,
  };
}

export function kernelOf({ kernel, otherKernels }: MeasuredTrial, host: string): KernelView | null {
  return host === "client" || host === "server" ? kernel[host] : (otherKernels?.[host] ?? null);
}

/** Counters of steps are those of the whole variant, and without isolation those of strangers too: nothing is told by them. */
function kernelsOf({ trial, isolated }: Around, { step }: Load, link: LinkName): Hop["kernels"] {
  const view = (host: string): KernelView | null => {
    const kernel = kernelOf(trial, host);
    return kernel === null || (isolated && step === null) ? kernel : { ...kernel, counters: {} };
  };
  return { from: view(link.from), to: view(link.to.split(":")[0] ?? "") };
}

/** Only the load's own client goes through several addresses, or takes ports of its own choice. */
function portsOf({ trial, plan, variant, isolated }: Around, { step, links }: Load, from: string): Ports | null {
  const own = from === (links[0]?.from ?? "client");
  const chosen = own && step !== null ? (plan.sockets?.localPorts ?? null) : null;
  const range = chosen ?? kernelOf(trial, from)?.localPorts ?? null;
  if (range === null || range.high < range.low) return null;
  const { client, server } = variant.lab.addresses ?? { client: 1, server: 1 };
  const inStep = plan.sockets === undefined || !isolated ? 1 : client * server;
  const pairs = !own ? 1 : step === null ? (trial.addressPairs ?? 1) : inStep;
  return { ...range, pairs, size: (range.high - range.low + 1) * pairs };
}

/** The end that holds nine in ten of all sockets that entered TIME_WAIT; null when neither does, or there is none. */
export function holderOf({ timeWait }: Hop): End | null {
  const HOLDS = 0.9;
  if (timeWait === null) return null;
  const { from, to } = createdOn(timeWait);
  const total = from + (to ?? 0);
  if (total === 0) return null;
  if ((to ?? 0) >= HOLDS * total) return "to";
  return from >= HOLDS * total ? "from" : null;
}

export function createdOn({ from, to }: NonNullable<Hop["timeWait"]>): { from: number; to: number | null } {
  return { from: from.created, to: to?.created ?? null };
}

/** Most connections ended in a reset, which leaves no TIME_WAIT. */
export function isMostlyReset({ closedFirst }: Hop): boolean {
  return closedFirst !== null && closedFirst.reset >= 0.5;
}

/** Connections were used again and again, so that hardly any TIME_WAIT came of many requests. */
export function isReused({ timeWait, requestsPer }: Hop, { requests }: Load): boolean {
  const NEXT_TO_NONE = 0.05;
  const total = timeWait === null ? 0 : timeWait.from.created + (timeWait.to?.created ?? 0);
  return requestsPer !== null && requestsPer >= 2 && total <= NEXT_TO_NONE * (requests.succeeded ?? 0);
}

/** What a kernel counted; 0 where nothing can be told by it. */
export function counted({ kernels }: Hop, end: End, counter: string): number {
  return kernels[end]?.counters[counter] ?? 0;
}

/** Requests that failed because no local port was left. */
export function portErrors({ errors }: Load): Record<string, number> {
  return Object.fromEntries(NO_PORT.map((kind) => [kind, errors[kind] ?? 0] as const).filter(([, n]) => n > 0));
}
