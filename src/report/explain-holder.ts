import { ROLES, type Role } from "../scenario/types.js";
import type { Metrics } from "../result/types.js";
import { OVERFLOW, counted } from "./explain-cap.js";
import { count, decimal, plural, share, shares } from "../text/figures.js";
import type { VariantView } from "./view.js";

/** From here on a side counts as the one that holds TIME_WAIT. */
const HOLDS = 0.9;
/** Fewer sockets in TIME_WAIT for each successful request than this is next to none. */
const NEXT_TO_NONE = 0.05;
/** From this share on the rest need no word of their own. */
const MOST = 0.5;

/** The side that holds nine in ten of all sockets that entered TIME_WAIT; null when neither does, or there is none. */
export function holderOf(metrics: Metrics): Role | null {
  const { timeWait } = metrics;
  if (timeWait === null) return null;
  const total = timeWait.client.created + timeWait.server.created;
  if (total === 0) return null;
  if (timeWait.server.created >= HOLDS * total) return "server";
  return timeWait.client.created >= HOLDS * total ? "client" : null;
}

/** Most connections ended in a reset, which leaves no TIME_WAIT. */
function mostlyReset({ closedFirst }: Metrics): boolean {
  return closedFirst !== null && closedFirst.reset >= 0.5;
}

/** Connections were used again and again, so that hardly any TIME_WAIT came of many requests. */
function reused({ timeWait, requests, connections }: Metrics): boolean {
  const total = timeWait === null ? 0 : timeWait.client.created + timeWait.server.created;
  return connections.requestsPer >= 2 && total <= NEXT_TO_NONE * requests.succeeded;
}

/** So little TIME_WAIT that nothing needs to have capped it. */
export function isLittle(metrics: Metrics): boolean {
  return mostlyReset(metrics) || reused(metrics);
}

/** Who holds TIME_WAIT and why, or why there is hardly any; nothing is claimed that the figures do not show. */
export function explainHolder(view: VariantView, metrics: Metrics): string {
  const { timeWait, requests, connections, closedFirst } = metrics;
  if (timeWait === null) return "TIME_WAIT could not be read on this machine.";
  const total = timeWait.client.created + timeWait.server.created;
  if (closedFirst !== null && mostlyReset(metrics)) {
    return `${upper(ofConnections(closedFirst.reset))} ended in a reset (RST), which leaves no TIME_WAIT: of ${plural(connections.opened, "connection")} ${count(total)} left one.`;
  }
  if (reused(metrics)) {
    const entered = total === 0 ? "No socket" : `Only ${plural(total, "socket")}${sideOf(metrics)}`;
    return `${entered} entered TIME_WAIT for ${plural(requests.succeeded, "request")}: ${plural(connections.opened, "connection")} carried ${decimal(connections.requestsPer)} each.`;
  }
  if (total === 0) return `No socket entered TIME_WAIT${unlessRefused(view, metrics)}`;
  const holder = holderOf(metrics);
  return holder === null
    ? bothSides(metrics, timeWait)
    : `The ${holder} holds TIME_WAIT${whyOneSide(view, metrics, holder)}.`;
}

/** TIME_WAIT that there would have been, had the kernel not refused it. */
function unlessRefused(view: VariantView, { closedFirst, connections }: Metrics): string {
  const side = ROLES.find((role) => (closedFirst?.[role] ?? 0) >= 0.5 && counted(view, role, OVERFLOW) > 0);
  if (side === undefined) return `; ${plural(connections.opened, "connection")} opened.`;
  return `, although the ${side} sent the first FIN on ${ofConnections(closedFirst?.[side] ?? 0)}.`;
}

function sideOf(metrics: Metrics): string {
  const holder = holderOf(metrics);
  return holder === null ? "" : ` on the ${holder}`;
}

function bothSides(metrics: Metrics, timeWait: NonNullable<Metrics["timeWait"]>): string {
  const figures = `${plural(timeWait.server.created, "socket")} entered it on the server, ${count(timeWait.client.created)} on the client`;
  const { closedFirst } = metrics;
  if (closedFirst === null || closedFirst.client === 0 || closedFirst.server === 0) {
    return `Both sides hold TIME_WAIT: ${figures}.`;
  }
  const [server, client] = shares([closedFirst.server, closedFirst.client, closedFirst.reset]);
  return `Both sides hold TIME_WAIT (${figures}), for sometimes the one and sometimes the other sent the first FIN: the server on ${server} of the connections, the client on ${client}.`;
}

function whyOneSide(view: VariantView, metrics: Metrics, holder: Role): string {
  const { closedFirst, timeWait } = metrics;
  if (closedFirst === null || closedFirst[holder] < 0.5) {
    const other = holder === "server" ? "client" : "server";
    return `: ${plural(timeWait?.[holder].created ?? 0, "socket")} entered it there, ${count(timeWait?.[other].created)} on the ${other}`;
  }
  return `: it sent the first FIN on ${ofConnections(closedFirst[holder])}${timedOut(metrics, holder) ?? asPlanned(view, holder)}`;
}

function ofConnections(part: number): string {
  return part >= 1 ? "every connection" : `${share(part)} of the connections`;
}

function upper(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}

/** A client closes the connection of a request that it waits for no longer, whatever the scenario asks. */
function timedOut({ errors, timeWait }: Metrics, holder: Role): string | null {
  const given = errors.ETIMEDOUT ?? 0;
  const created = timeWait?.client.created ?? 0;
  if (holder !== "client" || given === 0 || given < MOST * created) return null;
  return `, because ${plural(given, "request")} timed out (ETIMEDOUT), and it closes their connections`;
}

/** What the scenario asked for, where it says anything about closing. */
function asPlanned(view: VariantView, holder: Role): string {
  const { connection, requestsPerConnection, closer, go, connections } = view.plan.load;
  if (connection === "keep-alive" && holder === "client" && go !== undefined) {
    if (!go.drain) return ", because it closed the bodies of responses without having read them";
    const kept = go.idleConnections ?? connections;
    return kept < connections ? `, because it keeps no more than ${plural(kept, "idle connection")}` : "";
  }
  if (connection !== "close" && requestsPerConnection === null) return "";
  if (closer !== holder) return `, although the scenario leaves closing to the ${closer}`;
  if (holder === "client") return ", as the scenario asks of it";
  // RFC 9112, section 9.6: a server that gets the close option closes after its final response.
  return connection === "close" ? ", because each request said Connection: close" : ", as the scenario leaves it to do";
}
