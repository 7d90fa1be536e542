import { namedLinks, type NamedLink } from "../links/named.js";
import type { CpuTimes, Links, Metrics } from "../metrics/table.js";
import type { Figures } from "../scenario/phases/types.js";

/** One load as findings look at it: that of a variant, or of one step among several. */
export interface Load extends Pick<
  Metrics,
  | "requests"
  | "errors"
  | "connections"
  | "timeWait"
  | "closedFirst"
  | "closeCauses"
  | "closedAfter"
  | "stale"
  | "repeated"
  | "cpu"
> {
  /** null where the variant has no steps. */
  step: string | null;
  /** Requests that were due and not sent; null where no pace was asked for. */
  unsent: number | null;
  /** The load's own first. */
  links: NamedLink[];
}

export function loadOf(metrics: Metrics): Load {
  const { requests, errors, connections, timeWait, closedFirst, closeCauses, closedAfter, stale, repeated, cpu } =
    metrics;
  const ends = { timeWait, closedFirst, closeCauses, closedAfter, stale, repeated, cpu };
  const unsent = metrics.pace?.unsent ?? null;
  return { step: null, requests, errors, connections, ...ends, unsent, links: namedLinks(metrics.links) };
}

/** The load that was one step; null for a step that made none, or was not come to. */
export function loadOfStep(figures: Figures, step: string): Load | null {
  if (typeof figures[`${step}.requests.sent`] !== "number") return null;
  const errors: Record<string, number> = {};
  const links: Links = {};
  const rest: Partial<Metrics> = {};
  for (const [name, value] of Object.entries(figures)) {
    if (typeof value !== "number" || !name.startsWith(`${step}.`)) continue;
    const path = name.slice(step.length + 1);
    const [, from, to, figure] = LINK_FIGURE.exec(path) ?? [];
    if (path.startsWith("errors.")) errors[path.slice("errors.".length)] = value;
    else if (from !== undefined && to !== undefined) put(((links[from] ??= {})[to] ??= unseen()), figure!, value);
    else put(rest, path, value);
  }
  return {
    step,
    requests: { sent: 0, succeeded: 0, failed: 0, perSec: 0, ...rest.requests },
    errors,
    connections: { opened: 0, failed: null, perSec: 0, requestsPer: 0, ...rest.connections },
    timeWait: rest.timeWait ?? null,
    closedFirst: rest.closedFirst ?? null,
    closeCauses: rest.closeCauses ?? null,
    closedAfter: rest.closedAfter ?? null,
    stale: rest.stale ?? null,
    repeated: rest.repeated ?? null,
    cpu: { client: timesOf(rest.cpu?.client), server: timesOf(rest.cpu?.server) },
    unsent: rest.pace?.unsent ?? null,
    links: namedLinks(links),
  };
}

/** A figure that nobody could tell is in no step. */
function timesOf(told: CpuTimes | null | undefined): CpuTimes | null {
  return told === null || told === undefined ? null : { ...told, waitMs: told.waitMs ?? null };
}

/** How long a load took, in milliseconds, by its rates: steps do not tell it otherwise. 0 where it cannot be told. */
export function durationOf({ requests, connections }: Load): number {
  const [count, perSec] =
    requests.succeeded >= connections.opened
      ? [requests.succeeded, requests.perSec]
      : [connections.opened, connections.perSec];
  return perSec <= 0 ? 0 : (count * 1000) / perSec;
}

type Link = Links[string][string];

/** Names of hosts hold no dots; addresses of IPv4 do, and those of IPv6 stand in brackets before a port. */
const ADDRESS = String.raw`\d+\.\d+\.\d+\.\d+`;
const LINK_FIGURE = new RegExp(
  String.raw`^links\.(${ADDRESS}|[^.]+)\.(${ADDRESS}(?::\d+)?|[^.]+)\.((?:port|opened|perRequest|timeWait|closedFirst|ports|exact)\b.*)$`,
  "u",
);

function unseen(): Link {
  return {
    port: 0,
    opened: 0,
    perRequest: null,
    timeWait: { from: { created: 0, peak: 0, end: 0 }, to: null },
    closedFirst: null,
    ports: { used: 0, limit: null },
    exact: true,
  };
}

function put(into: object, figure: string, value: number): void {
  const names = figure.split(".");
  const last = names.pop()!;
  let at = into as Record<string, unknown>;
  for (const name of names) at = (at[name] ??= {}) as Record<string, unknown>;
  at[last] = figure === "exact" ? value === 1 : value;
}
