import { isSomebodyElses } from "./program.js";
import type { CloseCause } from "../metrics/close-causes.js";
import type { LoadPlan } from "../scenario/types.js";
import type { CauseFigures, End, StaleFigures } from "./figures.js";
import { type Around, type Hop, holderOf, isMostlyReset, isReused } from "./hops.js";
import type { Load } from "./loads.js";
import type { Sighting } from "./sighting.js";

/** Of the connections that ended before the load did: a cause of fewer is not told. */
const TOLD = 0.1;
/** From this share on one end is said to have closed. */
const MOST = 0.5;

type Told = CauseFigures["cause"];

/** The end that closes for it. What neither decides alone is told by who did: `asked`, `unknown`. */
const END_OF: Readonly<Record<Exclude<Told, "asked" | "unknown" | "planned" | "not-as-planned">, End>> = {
  answer: "to",
  idle: "to",
  "mid-request": "to",
  timeout: "from",
  malformed: "from",
  error: "from",
  "client-limit": "from",
  "client-idle": "from",
  "body-unread": "from",
  "idle-pool": "from",
};

/** Ends that a scenario of kept connections does not ask for, and that are worth a look. */
const STANDS_OUT: readonly Told[] = ["answer", "idle", "mid-request", "malformed", "error", "client-idle"];

/** Why connections of a load ended before it did, by what its client knows; else by what the scenario says. */
export function closerCauses(load: Load, hop: Hop, { plan }: Around): Sighting[] {
  // A program closes as it wants: what the scenario asks for was not asked of it, or only of its options.
  if (isSomebodyElses(plan)) return [];
  const found = load.closeCauses === null ? byPlan(load, hop, plan) : byEvidence(load, hop, plan);
  return found.map((figures): Sighting => {
    const severity = STANDS_OUT.includes(figures.cause) ? "notice" : "fact";
    const size = figures.count ?? 0;
    return { code: "closer-cause", severity, step: load.step, link: hop.link, figures, size };
  });
}

function byEvidence({ closeCauses, closedAfter, connections }: Load, hop: Hop, plan: LoadPlan): CauseFigures[] {
  const causes = Object.entries(closeCauses ?? {}).filter(([cause]) => cause !== "end-of-load") as [
    CloseCause,
    number,
  ][];
  const of = causes.reduce((sum, [, count]) => sum + count, 0);
  // What was opened once and is not opened again did not end before its time.
  if (of === 0 || (of <= plan.connections && connections.opened <= plan.connections)) return [];
  return causes
    .filter(([cause, count]) => cause !== "reset" && count >= TOLD * of)
    .toSorted(([, a], [, b]) => b - a)
    .map(([name, count]) => {
      const cause = name as Exclude<CloseCause, "reset" | "end-of-load">;
      const end = cause === "asked" || cause === "unknown" ? closerOf(hop) : END_OF[cause];
      const { requests = null, idleMs = null } =
        (name === "answer" || name === "idle" || name === "client-idle" ? closedAfter?.[name] : null) ?? {};
      const yet = cause === "asked" && plan.closer !== roleOf(end) ? "not-as-planned" : cause;
      return { end, cause: yet, count, of, requests, idleMs, planned: plannedOf(cause, plan) };
    });
}

function plannedOf(cause: Told, { requestsPerConnection, go }: LoadPlan): number | null {
  if (cause === "idle-pool") return go?.idleConnections ?? null;
  return requestsPerConnection;
}

/** Without the client's word: what the scenario asks for, or that it cannot be told. */
function byPlan(load: Load, hop: Hop, plan: LoadPlan): CauseFigures[] {
  const end = holderOf(hop);
  if (!hop.own || end === null || isMostlyReset(hop) || isReused(hop, load)) return [];
  if (hop.closedFirst === null || hop.closedFirst[end] < MOST) return [];
  const timedOut = load.errors["ETIMEDOUT"] ?? 0;
  const told = (cause: Told, planned: number | null = null, count: number | null = null): CauseFigures[] => [
    { end, cause, count, of: null, requests: null, idleMs: null, planned },
  ];
  // A client closes the connection of a request that it waits for no longer, whatever the scenario asks.
  if (end === "from" && timedOut > 0 && timedOut >= MOST * (hop.timeWait?.from.created ?? 0))
    return told("timeout", null, timedOut);
  const cause = planOf(plan, end);
  return cause === null ? told("unknown") : told(cause, plannedOf(cause, plan));
}

/** What the scenario asked for; null where it says nothing about closing. */
function planOf({ connection, requestsPerConnection, closer, go, connections }: LoadPlan, end: End): Told | null {
  if (connection === "keep-alive" && end === "from" && go !== undefined) {
    if (!go.drain) return "body-unread";
    if ((go.idleConnections ?? connections) < connections) return "idle-pool";
  }
  if (connection !== "close" && requestsPerConnection === null) return null;
  if (closer !== roleOf(end)) return "not-as-planned";
  // RFC 9112, section 9.6: a server that gets the close option closes after its final response.
  return connection === "close" && end === "to" ? "asked" : "planned";
}

function closerOf({ closedFirst }: Hop): End {
  return closedFirst !== null && closedFirst.from > closedFirst.to ? "from" : "to";
}

function roleOf(end: End): "client" | "server" {
  return end === "from" ? "client" : "server";
}

/** No server means to give up connections so soon: what was reset was used at once, and waited for the server too long. */
const AT_ONCE_MS = 50;

/** Whether the client left a connection idle for no time to speak of before the server closed it. */
export function usedAtOnce(idleMs: StaleFigures["idleMs"]): boolean {
  return idleMs !== null && idleMs.max <= AT_ONCE_MS;
}

/** Requests that failed because the server had just closed the connection that was kept for them. */
export function staleConnections({ stale, requests, closedAfter, step }: Load, link: Sighting["link"]): Sighting[] {
  if (stale === null || stale === 0) return [];
  const { requests: carried = null, idleMs = null } = closedAfter?.stale ?? {};
  const figures = { stale, sent: requests.sent ?? 0, requests: carried, idleMs };
  return [{ code: "stale-connection", severity: "problem", step, link, figures, size: stale }];
}

/** Requests that the client's library sent once more, which its caller does not see. */
export function hiddenRetries({ repeated, requests, step }: Load, link: Sighting["link"]): Sighting[] {
  if (repeated === null || repeated === 0) return [];
  const figures = { repeated, sent: requests.sent ?? 0 };
  return [{ code: "hidden-retries", severity: "notice", step, link, figures, size: repeated }];
}
