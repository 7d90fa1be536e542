import { namedLinks, type NamedLink } from "../links/named.js";
import type { Links, Metrics } from "../metrics/table.js";

/** One load as findings look at it: that of a variant, or of one step among several. */
export interface Load {
  /** null where the variant has no steps. */
  step: string | null;
  requests: Pick<Metrics["requests"], "sent" | "failed">;
  errors: Metrics["errors"];
  /** Opened on the load's own link. */
  opened: number;
  /** The share of connections that ended in a reset; null where none ended. */
  reset: number | null;
  /** The load's own first. */
  links: NamedLink[];
}

export function loadOf({ requests, errors, connections, closedFirst, links }: Metrics): Load {
  const { opened } = connections;
  return { step: null, requests, errors, opened, reset: closedFirst?.reset ?? null, links: namedLinks(links) };
}

/** The load that was one step; null for a step that made none, or was not come to. */
export function loadOfStep(figures: Readonly<Record<string, number | string | null>>, step: string): Load | null {
  const number = (name: string): number | null => {
    const value = figures[`${step}.${name}`];
    return typeof value === "number" ? value : null;
  };
  const sent = number("requests.sent");
  if (sent === null) return null;
  const errors: Record<string, number> = {};
  const links: Links = {};
  for (const [name, value] of Object.entries(figures)) {
    if (typeof value !== "number" || !name.startsWith(`${step}.`)) continue;
    const path = name.slice(step.length + 1);
    if (path.startsWith("errors.")) errors[path.slice("errors.".length)] = value;
    const [, from, to, figure] = LINK_FIGURE.exec(path) ?? [];
    if (from !== undefined && to !== undefined) put(((links[from] ??= {})[to] ??= unseen()), figure!, value);
  }
  return {
    step,
    requests: { sent, failed: number("requests.failed") ?? 0 },
    errors,
    opened: number("connections.opened") ?? 0,
    reset: number("closedFirst.reset"),
    links: namedLinks(links),
  };
}

type Link = Links[string][string];

/** Names of hosts hold no dots; addresses of IPv4 do, and those of IPv6 stand in brackets before a port. */
const ADDRESS = String.raw`\d+\.\d+\.\d+\.\d+`;
const LINK_FIGURE = new RegExp(
  String.raw`^links\.(${ADDRESS}|[^.]+)\.(${ADDRESS}(?::\d+)?|[^.]+)\.((?:port|opened|perRequest|timeWait|closedFirst|ports)\b.*)$`,
  "u",
);

/** Steps hold numbers alone: that a link was not counted to the unit is not among them. */
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

function put(link: Link, figure: string, value: number): void {
  const names = figure.split(".");
  const last = names.pop()!;
  let at = link as unknown as Record<string, unknown>;
  for (const name of names) at = (at[name] ??= {}) as Record<string, unknown>;
  at[last] = value;
}
