import type { Isolation } from "../lab/isolation.js";
import { ROLES } from "../scenario/types.js";
import { hostOf, type Measurement } from "./measurement.js";
import { hopsOf } from "./links.js";
import { samplerWarnings } from "./sampler-warnings.js";
import { countsEntries, halfClosed, tables } from "./time-wait.js";
import type { Trial } from "./types.js";
import { type FoundWarning, warning } from "../warnings/table.js";

/** A client that used this much of a core for each of its threads may itself be what limited the rate. */
const BUSY_CORE = 0.95;
/** In less time a client is still warming up, and the kernel's ticks of 10 ms are too coarse. */
const SHORTEST_FOR_CPU_MS = 1_000;
/** What is due in the last moments may go out too late; more than this share of all requests is a rate not kept. */
const UNSENT_SHARE = 0.01;

/** What makes figures of a trial less certain, as data. */
export function warningsOf(measurement: Measurement, trial: Trial): FoundWarning[] {
  // Among several steps what would be odd in a load may be the point.
  if (measurement.variant.phases.length > 0)
    return [...sidesByView(measurement), ...uncalibrated(measurement), ...samplerWarnings(measurement)];
  return [
    ...sidesByView(measurement),
    ...uncalibrated(measurement),
    ...halfClosedSockets(measurement),
    ...leftFromBefore(measurement),
    ...unreadable(measurement),
    ...clientBusy(measurement, trial),
    ...rateNotKept(measurement, trial),
    ...samplerWarnings(measurement),
    ...unbalanced(trial),
  ];
}

/** A run that wanted a lab and did not get one. */
export function isolationWarnings({ isolation, lack }: Isolation): FoundWarning[] {
  if (isolation === "namespace") return [];
  return [warning("no-isolation", lack === null ? { why: null } : { why: lack.message, lack: lack.code })];
}

/** Settings that the scenario asks for and that the machine, which is never changed, does not have. */
export function sysctlWarnings(measurement: Measurement): FoundWarning[] {
  if (measurement.isolation === "namespace") return [];
  const missed = ROLES.flatMap((role) => {
    const { sysctls } = hostOf(measurement, role);
    return Object.entries(measurement.variant.lab.sysctl[role])
      .filter(([key, value]) => sysctls[key] !== value.replaceAll(/\s+/g, " "))
      .map(([key, value]) => `${key} is ${sysctls[key] ?? "absent"}, not ${value}`);
  });
  if (missed.length === 0) return [];
  return [warning("sysctls-not-applied", { settings: [...new Set(missed)].join("; ") })];
}

/** Only where no table can be read: it tells the sides by port, and dates each TIME_WAIT. */
function sidesByView(measurement: Measurement): FoundWarning[] {
  const { shared, isolation } = measurement;
  if (!shared || hopsOf(measurement).own !== null) return [];
  return [warning(isolation === "none" ? "counted-by-client" : "sides-by-client", {})];
}

function halfClosedSockets(measurement: Measurement): FoundWarning[] {
  return ROLES.filter((role) => halfClosed(measurement, role)).map((role) => warning("half-closed", { role }));
}

/** One that was interrupted was not to write any. */
function unreadable({ report: { program } }: Measurement): FoundWarning[] {
  const what = program?.unreadable ?? null;
  return what === null ? [] : [warning("program-unreadable", { what })];
}

function uncalibrated(measurement: Measurement): FoundWarning[] {
  if (hostOf(measurement, "server").calibration === null || countsEntries(measurement, "server")) return [];
  return [warning("counter-not-calibrated", {})];
}

/** In a lab there can only be what a warm-up left, where the kernel does not let us take it away. */
function leftFromBefore(measurement: Measurement): FoundWarning[] {
  const first = tables(measurement, "server")[0];
  if (first === undefined || first.atMs > measurement.report.startedAtMs) return [];
  const left = first.sides.client.time_wait + first.sides.server.time_wait;
  if (left === 0) return [];
  return [warning("time-wait-before", { sockets: left, ofWarmUp: measurement.isolation === "namespace" })];
}

function clientBusy(measurement: Measurement, { cpu, durationMs, clientName }: Trial): FoundWarning[] {
  if (cpu.client === null || durationMs < SHORTEST_FOR_CPU_MS) return [];
  const { variant, report } = measurement;
  const { before, after } = hostOf(measurement, "client");
  const cores = (cpu.client.userMs + cpu.client.systemMs) / (after.atMs - before.atMs);
  const threads = report.threads ?? variant.load.sockets?.threads ?? 1;
  if (cores < BUSY_CORE * threads) return [];
  return [warning("client-cpu-bound", { client: clientName, cores, threads })];
}

function rateNotKept({ variant }: Measurement, { pace, requests }: Trial): FoundWarning[] {
  if (pace === null || requests.sent === null || pace.unsent <= UNSENT_SHARE * (requests.sent + pace.unsent)) return [];
  const due = requests.sent + pace.unsent;
  const { connections } = variant.load;
  return [warning("rate-not-kept", { sentPerSec: pace.sentPerSec, due, unsent: pace.unsent, connections })];
}

function unbalanced({ books }: Trial): FoundWarning[] {
  return books
    .filter(({ balanced }) => !balanced)
    .map(({ name, left, right, reason }) =>
      warning("books-unbalanced", {
        line: name,
        left: left.who,
        leftCount: left.count,
        right: right.who,
        rightCount: right.count,
        reason: reason ?? "",
      }),
    );
}
