import type { CpuTimes, Metrics } from "./table.js";
import type { Leaf } from "./types.js";
import { ms, PER_REQUEST, perRequest, shareLeaf, TIMING, us } from "./vocabulary.js";

/**
 * A role that waits for a processor this much of the time in which it could run has a competitor. Measured on two cores with
 * `close-vs-keepalive`, for 1 and 3 s: the client waited 12 to 27 % with nobody beside and 30 to 38 % beside a busy loop or
 * two; the server, whose own threads wait for each other as well, 17 to 49 % and 44 to 64 %.
 */
export const STARVED_SHARE = { client: 0.3, server: 0.5 } as const;

/** A figure that is not in the document, and follows from those that are. null where it cannot be told. */
export interface Computed extends Leaf {
  of(metrics: Metrics): number | null;
}

/** Requests that a load made: as its client counted them, else as the server did; null where neither can say. */
export function requestsOf({ requests: { sent, served } }: Pick<Metrics, "requests">): number | null {
  // Absent in results of earlier versions.
  return sent ?? served ?? null;
}

const ROLES = ["client", "server"] as const;

export const COMPUTED: Readonly<Record<string, Computed>> = {
  "connections.perRequest": {
    ...perRequest(["Connections", "per request", "opened, for each request sent"], {
      ...PER_REQUEST,
      says: "opens {} connections per request",
    }),
    of: (metrics) => forEach(metrics, metrics.connections.opened),
  },
  ...Object.fromEntries(
    ROLES.flatMap((role): [string, Computed][] => [
      [
        `timeWait.${role}.createdPerRequest`,
        {
          ...perRequest([`TIME_WAIT ${role}`, "per request", "created, for each request sent"], {
            ...PER_REQUEST,
            says: `leaves {} TIME_WAIT per request on the ${role}`,
          }),
          of: (metrics) => forEach(metrics, metrics.timeWait?.[role]?.created),
        },
      ],
    ]),
  ),
  ...Object.fromEntries(
    ROLES.flatMap((role): [string, Computed][] => [
      [
        `cpu.${role}.usPerRequest`,
        {
          ...us(["CPU", `${role} per request`, "CPU time for each request sent"], {
            ...TIMING,
            step: "tick",
            says: `the ${role} needs {} of CPU per request`,
          }),
          of: (metrics) => forEach(metrics, cpuMs(metrics, role), 1000),
        },
      ],
      [
        `cpu.${role}.waitShare`,
        {
          ...shareLeaf(["CPU", `${role} waited`, "of the time in which it could run, what it waited for a processor"]),
          of: ({ cpu }) => waitShareOf(cpu[role]),
        },
      ],
      [
        `cpu.${role}.totalMs`,
        {
          ...ms(["CPU", role, "CPU time, user and kernel"]),
          of: (metrics) => cpuMs(metrics, role),
        },
      ],
    ]),
  ),
};

/** Of the time in which it could have run: in the rest it ran. */
export function waitShareOf(times: CpuTimes | null): number | null {
  if (times === null) return null;
  const { userMs, systemMs, waitMs } = times;
  const couldMs = userMs + systemMs + (waitMs ?? 0);
  return waitMs === null || couldMs === 0 ? null : waitMs / couldMs;
}

function cpuMs({ cpu }: Metrics, role: "client" | "server"): number | null {
  const times = cpu[role];
  return times === null ? null : times.userMs + times.systemMs;
}

function forEach({ requests }: Metrics, value: number | null | undefined, factor = 1): number | null {
  const sent = requestsOf({ requests });
  return value === null || value === undefined || sent === null || sent === 0 ? null : (value * factor) / sent;
}
