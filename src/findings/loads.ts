import { namedLinks, type NamedLink } from "../links/named.js";
import { requestsOf } from "../metrics/computed.js";
import { metricsOfStep } from "../metrics/flat.js";
import type { Metrics } from "../metrics/table.js";
import type { Figures } from "../scenario/phases/types.js";

/**
 * One load as findings look at it: that of a variant, or of one step among several. Of a program's requests it knows what
 * the server counted; which of them failed, nobody does.
 */
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
  const counted = { ...requests, sent: requestsOf(metrics), succeeded: requests.succeeded ?? requests.served ?? null };
  const ends = { timeWait, closedFirst, closeCauses, closedAfter, stale, repeated, cpu };
  const unsent = metrics.pace?.unsent ?? null;
  return { step: null, requests: counted, errors, connections, ...ends, unsent, links: namedLinks(metrics.links) };
}

/** The load that was one step; null for a step that made none, or was not come to. */
export function loadOfStep(figures: Figures, step: string): Load | null {
  const metrics = metricsOfStep(figures, step);
  return metrics === null ? null : { ...loadOf(metrics), step };
}

/** How long a load took, in milliseconds, by its rates: steps do not tell it otherwise. 0 where it cannot be told. */
export function durationOf({ requests, connections }: Load): number {
  const { succeeded, perSec: rate } = requests;
  const [count, perSec] =
    succeeded !== null && rate !== null && succeeded >= connections.opened
      ? [succeeded, rate]
      : [connections.opened, connections.perSec];
  return perSec <= 0 ? 0 : (count * 1000) / perSec;
}
