import type { Trial } from "../result/types.js";
import { ROLES, type Role } from "../scenario/types.js";
import type { Better, Tier, Unit } from "./types.js";

/** A figure that two results are compared by. */
export interface Metric {
  name: string;
  tier: Tier;
  better: Better;
  unit: Unit;
  /** null where it was not measured. */
  of(trial: Trial): number | null;
  /** The least difference that counts: a part of base; for shares, of all connections. */
  minimum: number;
  /**
   * Whether each connection that is open at the same time counts one at least, however few requests were sent: what
   * goes beyond those is judged, for how many requests they carry depends on the machine.
   */
  withPool: boolean;
  /** The step in which it is measured, in its unit; 0 where there is none to speak of. */
  step(trial: Trial): number;
  /** `opens {} connections per request`; the figure's place is {}. */
  says: string;
}

/** Whatever goes beyond base by less than this for each request is no pattern. */
export const LEAST_PER_REQUEST = 0.001;
const STRUCTURAL_PART = 0.1;
const SHARE = 0.05;
/** Histograms are of whole microseconds. */
const MICROSECOND = (): number => 1;
const NONE = (): number => 0;
/** The kernel tells CPU times in ticks, of which there are a hundred a second on every machine (USER_HZ, proc(5)). */
const TICK_US = 10_000;
const TIMING_PART = 0.05;
/** The slowest of a hundred scatters more. */
const P99_PART = 0.1;

const structural = (metric: Pick<Metric, "name" | "of" | "says"> & Partial<Metric>): Metric => ({
  tier: "structural",
  better: "lower",
  unit: "perRequest",
  minimum: STRUCTURAL_PART,
  withPool: true,
  step: NONE,
  ...metric,
});

const timing = (metric: Pick<Metric, "name" | "of" | "says"> & Partial<Metric>): Metric => ({
  tier: "timing",
  better: "lower",
  unit: "us",
  minimum: TIMING_PART,
  withPool: false,
  step: NONE,
  ...metric,
});

/** All but errors, which are as many as there are kinds: see errorMetric(). */
export const METRICS: readonly Metric[] = [
  structural({
    name: "connections.perRequest",
    of: (trial) => perRequest(trial, trial.connections.opened),
    says: "opens {} connections per request",
  }),
  ...ROLES.map((role) =>
    structural({
      name: `timeWait.${role}.createdPerRequest`,
      of: (trial) => (trial.timeWait === null ? null : perRequest(trial, trial.timeWait[role].created)),
      says: `leaves {} TIME_WAIT per request on the ${role}`,
    }),
  ),
  ...ROLES.map((role) =>
    structural({
      name: `closedFirst.${role}`,
      better: "neither",
      unit: "share",
      minimum: SHARE,
      withPool: false,
      of: ({ closedFirst }) => closedFirst?.[role] ?? null,
      says: `the ${role} closes {} of the connections first`,
    }),
  ),
  structural({
    name: "closedFirst.reset",
    unit: "share",
    minimum: SHARE,
    withPool: false,
    of: ({ closedFirst }) => closedFirst?.reset ?? null,
    says: "{} of the connections end in a reset",
  }),
  timing({
    name: "requests.perSec",
    better: "higher",
    unit: "perSec",
    of: ({ requests }) => requests.perSec,
    says: "answers {} requests per second",
  }),
  timing({
    name: "latencyUs.p50",
    step: MICROSECOND,
    of: ({ latencyUs }) => latencyUs?.p50 ?? null,
    says: "half of the answers take more than {}",
  }),
  timing({
    name: "latencyUs.p99",
    step: MICROSECOND,
    minimum: P99_PART,
    of: ({ latencyUs }) => latencyUs?.p99 ?? null,
    says: "one answer in a hundred takes more than {}",
  }),
  timing({
    name: "connectUs.p50",
    step: MICROSECOND,
    of: ({ connectUs }) => connectUs?.p50 ?? null,
    says: "half of the connects take more than {}",
  }),
  ...ROLES.map((role) =>
    timing({
      name: `cpu.${role}.usPerRequest`,
      of: (trial) => cpuPerRequest(trial, role),
      step: ({ requests }) => TICK_US / Math.max(1, requests.sent),
      says: `the ${role} needs {} of CPU per request`,
    }),
  ),
];

/** Requests that failed with this errno or kind, for each that was sent. */
export function errorMetric(kind: string): Metric {
  return structural({
    name: `errors.${kind}`,
    withPool: false,
    of: (trial) => perRequest(trial, trial.errors[kind] ?? 0),
    says: `fails with ${kind} {} times per request`,
  });
}

function perRequest({ requests }: Trial, count: number): number | null {
  return requests.sent === 0 ? null : count / requests.sent;
}

function cpuPerRequest({ cpu, requests }: Trial, role: Role): number | null {
  const times = cpu[role];
  return times === null || requests.sent === 0 ? null : ((times.userMs + times.systemMs) * 1000) / requests.sent;
}
