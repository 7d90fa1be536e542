import type { Metrics } from "../result/types.js";
import type { Role } from "../scenario/types.js";
import { explainBetween, isDirect } from "./explain-between.js";
import { OVERFLOW, counted, explainCap } from "./explain-cap.js";
import { explainHolder, holderOf, isLittle } from "./explain-holder.js";
import { explainPorts } from "./explain-ports.js";
import { count, plural } from "../text/figures.js";
import type { VariantView } from "./view.js";

/**
 * Two or three sentences on what was seen in one variant: who holds TIME_WAIT and why, what caps it, how long the
 * client's ports last. Each is computed, and left out where the figures do not carry it.
 */
export function explain(view: VariantView): string[] {
  const { metrics, shown } = view;
  if (metrics === null || shown === null) return ["Nothing was measured."];
  if (metrics.requests.sent === 0) return ["No request was sent, so there is nothing to explain."];
  const failures = metrics.requests.succeeded === 0 ? noneSucceeded(metrics) : null;
  const capped = isDirect(view) ? sideToExplain(view, metrics) : null;
  const unopened = failures !== null && metrics.connections.opened === 0;
  return [
    failures,
    unopened || view.topology === "proxy" ? null : explainHolder(view, metrics),
    unopened ? null : explainBetween(view, metrics),
    capped === null ? null : explainCap(view, metrics, shown, capped),
    isRate(view, metrics) && isDirect(view) ? explainPorts(metrics, shown, view.topology) : null,
  ].filter((sentence) => sentence !== null);
}

/**
 * Whether connections came and went all the time. Those that were opened once and closed at the end, or a given number
 * of requests, are no rate that could go on for a minute.
 */
function isRate({ plan }: VariantView, { connections, errors }: Metrics): boolean {
  // Its mean is the rate of hardly any moment.
  if (plan.load.requests !== null || isRamp(plan)) return false;
  return connections.opened > plan.load.connections || Object.keys(errors).length > 0;
}

function isRamp({ load: { pace } }: VariantView["plan"]): boolean {
  const rates = pace?.stages.flatMap(({ fromPerSec, toPerSec }) => [fromPerSec, toPerSec]) ?? [];
  return new Set(rates).size > 1;
}

/** The side whose population is worth a word: where sockets were refused TIME_WAIT, else where most of it is. */
function sideToExplain(view: VariantView, metrics: Metrics): Role | null {
  const { timeWait, closedFirst } = metrics;
  if (timeWait === null) return null;
  const sides: Role[] = timeWait.client.peak > timeWait.server.peak ? ["client", "server"] : ["server", "client"];
  const mostClosed = sides.toSorted((a, b) => (closedFirst?.[b] ?? 0) - (closedFirst?.[a] ?? 0));
  const refused = mostClosed.find((side) => counted(view, side, OVERFLOW) > 0);
  if (refused !== undefined) return refused;
  return isLittle(metrics) || !isRate(view, metrics) ? null : (holderOf(metrics) ?? sides[0] ?? null);
}

function noneSucceeded(metrics: Metrics): string {
  const worst = Object.entries(metrics.errors).toSorted(([, a], [, b]) => b - a)[0];
  const kind = worst === undefined ? "" : `, ${count(worst[1])} of them with ${worst[0]}`;
  return `No request succeeded: ${plural(metrics.requests.failed, "request")} failed${kind}.`;
}
