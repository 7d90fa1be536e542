import type { HostTimeline, RunResult, Trial } from "../result/types.js";
import type { Variant } from "../scenario/types.js";
import type { KernelsCounted, Said, ServerSaw, SituationFigures } from "./types.js";

/** Of a trial to the three columns. Pure; what each figure means stands in types.ts. */

/** Fewer readings without a connection are a pause between two. */
const IDLE_READINGS = 3;

/** The one trial of a result of an audit; undefined where none was made. */
export function trialIn({ variants }: RunResult): Trial | undefined {
  return Object.values(variants)[0]?.trials.at(-1);
}

export function figuresOf(variant: Variant, trial: Trial): SituationFigures {
  return {
    asked: askedOf(variant),
    says: trial.program === undefined ? ownWords(trial) : programsWords(trial, trial.program),
    server: serverSaw(variant, trial),
    kernels: kernelsCounted(trial),
  };
}

/** A command line of the user's says what it likes, and nobody reads it. */
function askedOf({ load }: Variant): SituationFigures["asked"] {
  const { client, connections, connection, durationMs, pace } = load;
  const seconds = durationMs / 1000;
  if (client === "command") return { connections: null, connection: null, perSec: null, seconds };
  return { connections, connection, perSec: pace?.stages[0]?.toPerSec ?? null, seconds };
}

function ownWords({ requests, connections, durationMs }: Trial): Said {
  return {
    requests: requests.sent,
    succeeded: requests.succeeded,
    failed: requests.failed,
    connections: connections.opened,
    perSec: requests.perSec,
    seconds: durationMs / 1000,
    exitCode: null,
    ended: null,
    silent: false,
    lastLine: null,
  };
}

function programsWords({ claims = null }: Trial, program: NonNullable<Trial["program"]>): Said {
  const { exitCode, signal, stopped, unreadable, output } = program;
  const silent = claims === null && (unreadable ?? null) !== null;
  return {
    requests: claims?.requests ?? null,
    succeeded: claims?.succeeded ?? null,
    failed: claims?.failed ?? null,
    connections: null,
    perSec: claims?.perSec ?? null,
    seconds: claims?.seconds ?? null,
    exitCode,
    ended: stopped === "late" || stopped === "time" ? stopped : stopped === null && signal !== null ? "signal" : null,
    silent,
    lastLine: silent ? lastLine(output) : null,
  };
}

function lastLine(output: string): string | null {
  return (
    output
      .split("\n")
      .findLast((line) => line.trim() !== "")
      ?.trim() ?? null
  );
}

function serverSaw({ server }: Variant, { requests, atServer }: Trial): ServerSaw | null {
  if (requests.served === null || atServer === undefined) return null;
  const fault = server.kind === "misbehaving" ? server.fault : null;
  return {
    requests: requests.served,
    connections: atServer.connections,
    faults: fault === null ? null : (atServer.faults ?? null),
    fault,
    requestedMs: atServer.requestedMs ?? null,
  };
}

function kernelsCounted({ kernel, links, closedFirst, timeWait, timeline, durationMs }: Trial): KernelsCounted {
  const { client, server } = { client: kernel.client?.counters ?? null, server: kernel.server?.counters ?? null };
  // Counters that did not move are left out.
  const of = (counters: Record<string, number>, name: string): number => counters[name] ?? 0;
  const own = Object.values(Object.values(links ?? {})[0] ?? {})[0];
  const ports = own?.ports ?? null;
  return {
    opened: client === null ? null : of(client, "Tcp:ActiveOpens") - of(client, "Tcp:AttemptFails"),
    accepted: server === null ? null : of(server, "Tcp:PassiveOpens"),
    attemptFails: client === null ? null : of(client, "Tcp:AttemptFails"),
    ports: ports === null || ports.limit === null ? null : { used: ports.used, limit: ports.limit },
    closedFirst,
    rsts:
      client === null || server === null
        ? null
        : { client: of(client, "Tcp:OutRsts"), server: of(server, "Tcp:OutRsts") },
    timeWait:
      timeWait === null || timeWait.server === null
        ? null
        : { client: timeWait.client.created, server: timeWait.server.created },
    idleSinceMs: timeline.client === null ? null : idleSinceMs(timeline.client, durationMs),
  };
}

/** Since when no reading shows a connection that is open, until the load's end. */
function idleSinceMs({ atMs, established }: HostTimeline, durationMs: number): number | null {
  const readings = atMs.flatMap((at, index) => {
    const open = established[index] ?? null;
    return at < 0 || at > durationMs || open === null ? [] : [{ at, open }];
  });
  const idle = readings.slice(readings.findLastIndex(({ open }) => open > 0) + 1);
  return idle.length < IDLE_READINGS || idle.length === readings.length ? null : idle[0]!.at;
}
