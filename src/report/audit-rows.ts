import type { SituationFigures, SituationAudit, ProgramAudit } from "../audit/types.js";
import { count, decimal, NOTHING, shares, span } from "../text/figures.js";
import { sayInAudit } from "../words/audit.js";
import { listed, say } from "../words/say.js";

/** One situation as a table: a label, and the three columns. */
export type AuditRow = readonly [label: string, says: string, server: string, kernels: string];

export function auditRows({ says, server, kernels }: SituationFigures): AuditRow[] {
  const { timeWait } = kernels;
  return [
    [say("requests"), count(says.requests), count(server?.requests), NOTHING],
    [sayInAudit("failed-requests"), count(says.failed), spoiled(server), orNothing(failures(kernels))],
    [sayInAudit("connections"), count(says.connections), count(server?.connections), opened(kernels)],
    [say("requests-rate"), ratesTold(says), rateServed(server), idle(kernels)],
    [say("closed-first"), NOTHING, closed(server), closedFirst(kernels)],
    [
      "TIME_WAIT",
      NOTHING,
      NOTHING,
      timeWait === null
        ? NOTHING
        : say("client-server", { client: count(timeWait.client), server: count(timeWait.server) }),
    ],
    [sayInAudit("exit-code"), exitCode(says), NOTHING, NOTHING],
  ];
}

function orNothing(text: string): string {
  return text === "" ? NOTHING : text;
}

function spoiled(server: SituationFigures["server"]): string {
  if (server === null) return NOTHING;
  const n = count(server.faults);
  switch (server.fault) {
    case "resets":
      return sayInAudit("reset-answers", { n });
    case "stalls":
      return sayInAudit("stalled-answers", { n });
    case "answers-500":
      return sayInAudit("answers-500", { n });
    case null:
    default:
      return "0";
  }
}

function failures({ attemptFails, ports }: SituationFigures["kernels"]): string {
  const isScarce = ports !== null && ports.used >= ports.limit / 2;
  return listed([
    isScarce ? sayInAudit("ports-of", { used: count(ports.used), limit: count(ports.limit) }) : "",
    (attemptFails ?? 0) > 0 ? sayInAudit("connects-failed", { n: count(attemptFails) }) : "",
  ]);
}

function opened({ opened: made, accepted }: SituationFigures["kernels"]): string {
  if (accepted === null || accepted === made) return count(made);
  return sayInAudit("opened-accepted", { opened: count(made), accepted: count(accepted) });
}

function ratesTold({ perSec, seconds }: SituationFigures["says"]): string {
  if (perSec === null || seconds === null) return decimal(perSec);
  return sayInAudit("rate-over", { rate: decimal(perSec), span: span(seconds * 1000) });
}

/** From its first request to its last. */
function rateServed(server: SituationFigures["server"]): string {
  if (server === null || server.requestedMs === null) return NOTHING;
  const { first, last } = server.requestedMs;
  const perSec = last > first ? server.requests / ((last - first) / 1000) : null;
  return sayInAudit("rate-until", { rate: decimal(perSec), span: span(last) });
}

function idle({ idleSinceMs }: SituationFigures["kernels"]): string {
  return idleSinceMs === null ? NOTHING : sayInAudit("idle-since", { span: span(idleSinceMs) });
}

function closed(server: SituationFigures["server"]): string {
  const closes = server?.fault === "closes" || server?.fault === "hangs-up";
  return closes ? sayInAudit("closed-after-answers", { n: count(server.faults) }) : NOTHING;
}

function closedFirst({ closedFirst: of }: SituationFigures["kernels"]): string {
  if (of === null) return NOTHING;
  const [client = "", server = "", reset = ""] = shares([of.client, of.server, of.reset]);
  return sayInAudit("closed-shares", { client, server, reset });
}

export function exitCode({ exitCode: code, ended }: SituationFigures["says"]): string {
  if (code !== null) return String(code);
  return ended === null ? NOTHING : sayInAudit(HOW_ENDED[ended]);
}

const HOW_ENDED = { late: "not-ended", time: "ended-by-time", signal: "killed-by-signal" } as const;

export function situationTitle({ situation }: SituationAudit, { command }: ProgramAudit): string {
  // A command line of the user's keeps its connections, or does not.
  return sayInAudit(command !== null && situation === "keep-alive" ? "sit-calm" : `sit-${situation}`);
}
