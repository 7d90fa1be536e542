import type { CommandStep } from "../scenario/phases/types.js";
import type { LoadPlan, Variant } from "../scenario/types.js";
import type { Load } from "./loads.js";
import type { Sighting } from "./sighting.js";
import type { MeasuredTrial } from "./types.js";

/** Connections for each request, from which on a link is said to churn. */
const CHURNS = 0.5;
/** Connections that end in a reset, from which on it is said. */
const RESETS = 0.05;

export function requestsFailed({ step, requests: { failed, sent }, errors }: Load): Sighting[] {
  if (failed === null || sent === null || failed === 0) return [];
  const kinds = Object.fromEntries(Object.entries(errors).filter(([, n]) => n > 0));
  const figures = { failed, sent, kinds };
  return [{ code: "requests-failed", severity: "problem", step, link: null, figures, size: failed }];
}

/** @param asked the figures that the scenario judges: a command whose end it asks for has not failed */
export function commandFailed(
  { name, on, timeoutMs }: CommandStep & { name: string },
  { figures: of }: MeasuredTrial,
  asked: ReadonlySet<string>,
): Sighting[] {
  const exitCode = of[`${name}.exitCode`];
  // It was not come to.
  if (exitCode === undefined || exitCode === 0) return [];
  const signal = of[`${name}.signal`] ?? "none";
  const output = of[`${name}.output`] ?? null;
  const figures = {
    host: on,
    exitCode: typeof exitCode === "number" ? exitCode : null,
    signal: signal === "none" ? null : String(signal),
    timedOut: of[`${name}.timedOut`] === 1,
    timeoutMs,
    output: output === null ? null : String(output),
  };
  const severity = ["exitCode", "signal", "timedOut"].some((one) => asked.has(`${name}.${one}`)) ? "fact" : "problem";
  return [{ code: "command-failed", severity, step: name, link: null, figures, size: 1 }];
}

/** A pool is opened however few requests there are. */
export function churns(
  { perRequest, opened }: { perRequest: number | null; opened: number },
  { connections }: LoadPlan,
): boolean {
  return perRequest !== null && perRequest >= CHURNS && opened > connections;
}

export function linkChurns({ step, requests: { sent }, links }: Load, plan: LoadPlan): Sighting[] {
  return links.slice(1).flatMap(({ from, to, link }): Sighting[] => {
    const { opened, perRequest, timeWait, exact } = link;
    if (perRequest === null || sent === null || !churns(link, plan)) return [];
    const created = { from: timeWait.from.created, to: timeWait.to?.created ?? null };
    const figures = { opened, sent, perRequest, timeWait: created, exact };
    return [{ code: "link-churns", severity: "notice", step, link: { from, to }, figures, size: perRequest }];
  });
}

/** On any link; of the load's own only where it does not ask for them. */
export function endInResets(
  load: Load,
  { closer, connections, tls }: LoadPlan,
  { lab }: Variant,
  { claims = null }: Pick<MeasuredTrial, "claims">,
): Sighting[] {
  const [own, ...others] = load.links;
  const link = { from: own?.from ?? "client", to: own?.to ?? "server" };
  // The end that has closed gets the other's close_notify, and nobody reads it (RFC 8446 section 6.1, RFC 9293 section 3.6.1).
  const isOfTls = tls !== undefined && (load.requests.failed ?? claims?.failed) === 0;
  const told = (of: typeof link, share: number | undefined, opened: number): Sighting[] => {
    if (share === undefined || share < RESETS) return [];
    // src/fd.c and include/haproxy/connection.h of haproxy, linger_risk: so its ports stay usable.
    const deliberate = of.from === "proxy" && lab.proxy?.kind === "haproxy";
    const byTls = of === link && isOfTls;
    const figures = { share, opened, deliberate, ...(byTls ? { tls: true as const } : {}) };
    const severity = deliberate || byTls ? "fact" : "notice";
    return [{ code: "resets", severity, step: load.step, link: of, figures, size: share }];
  };
  return [
    ...(closer === "reset" ? [] : told(link, load.closedFirst?.reset, load.connections.opened)),
    ...others
      // Of a pool that is opened once, what the end of the run did says nothing.
      .filter((one) => one.link.opened > connections)
      .flatMap(({ from, to, link: one }) => told({ from, to }, one.closedFirst?.reset, one.opened)),
  ];
}
