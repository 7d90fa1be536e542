import { type LoadPlan, OWN_CLIENTS } from "../scenario/types.js";
import { churns } from "./failures.js";
import type { Load } from "./loads.js";
import type { Sighting } from "./sighting.js";
import type { MeasuredTrial } from "./types.js";

/** A client that is a program: one's own, or a load generator. */
export function isSomebodyElses({ client }: LoadPlan): boolean {
  return !OWN_CLIENTS.some((kind) => kind === client);
}

/** What a program did with its connections: a notice where it was to keep them, and opened one for every second request. */
export function programConnections(
  { step, requests, connections, closedFirst, links }: Load,
  plan: LoadPlan,
  { claims = null }: Pick<MeasuredTrial, "claims">,
  watched: boolean,
): Sighting[] {
  if (!isSomebodyElses(plan) || connections.opened === 0) return [];
  const { sent } = requests;
  const { opened } = connections;
  const [own] = links;
  const ends = closedFirst && { from: closedFirst.client, to: closedFirst.server, reset: closedFirst.reset };
  const perRequest = sent === null || sent === 0 ? null : opened / sent;
  const notable = plan.connection === "keep-alive" && churns({ opened, perRequest }, plan);
  return [
    {
      code: "program-connections",
      severity: notable ? "notice" : "fact",
      step,
      link: { from: own?.from ?? "client", to: own?.to ?? "server" },
      figures: {
        program: watched ? null : plan.client === "command" ? "your program" : plan.client,
        opened,
        sent,
        closedFirst: ends,
        says: step === null ? claims && saidBy(claims) : null,
      },
      size: opened,
    },
  ];
}

/**
 * It exited with another code than 0, was killed by somebody else, or did not end when it was told to. One that is told no
 * time ends with the load, and that is as it should be.
 */
export function programFailed({ program, claims, durationMs }: MeasuredTrial, asked: ReadonlySet<string>): Sighting[] {
  if (program === undefined) return [];
  const { exitCode, signal, output, stopped } = program;
  const timedOut = stopped === "late";
  if (!timedOut && (stopped !== null || exitCode === 0)) return [];
  const figures = { host: "client", exitCode, signal, timedOut, timeoutMs: durationMs, output };
  const severity = asked.has("program.exitCode") || (claims ?? null) !== null ? "notice" : "problem";
  return [{ code: "command-failed", severity, step: null, link: null, figures, size: 1 }];
}

/** What of its summary is told in words; the document has all of it. */
function saidBy({ requests, failed, perSec, latencyUs }: NonNullable<MeasuredTrial["claims"]>) {
  return { requests, failed, perSec, latencyUs: latencyUs && { p99: latencyUs.p99 } };
}
