import type { LoadPlan, Variant } from "../scenario/types.js";
import { churns } from "./failures.js";
import type { Load } from "./loads.js";
import type { Sighting } from "./sighting.js";
import type { MeasuredTrial } from "./types.js";

/** What a program did with its connections: a notice where it was to keep them, and opened one for every second request. */
export function programConnections(
  { step, requests, connections, closedFirst, links }: Load,
  plan: LoadPlan,
): Sighting[] {
  const { program } = plan;
  if (program === undefined || connections.opened === 0) return [];
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
      figures: { program: program.tool?.name ?? "your program", opened, sent, closedFirst: ends },
      size: opened,
    },
  ];
}

/** It exited with another code than 0, or was killed by somebody else; one that was ended because its time was over was not. */
export function programFailed(
  { program, claims }: MeasuredTrial,
  { load }: Variant,
  asked: ReadonlySet<string>,
): Sighting[] {
  if (program === undefined || program.stopped !== null || program.exitCode === 0) return [];
  const { exitCode, signal, output } = program;
  const figures = { host: "client", exitCode, signal, timedOut: false, timeoutMs: load.durationMs, output };
  const severity = asked.has("program.exitCode") || (claims ?? null) !== null ? "notice" : "problem";
  return [{ code: "command-failed", severity, step: null, link: null, figures, size: 1 }];
}
