import type { DifferenceCode, DifferenceFigures, SituationFigures } from "./types.js";
import type { SituationName } from "./situations.js";

/** Which pairs of figures differ, and by what. No words here, and no cause that was not measured. */

/** A difference with its figures, before it has words. */
export type Found = { [Code in DifferenceCode]: { code: Code; figures: DifferenceFigures[Code] } }[DifferenceCode];

/** Of two rates: what rounding and the last moments come to. */
const SAME_RATE = 0.05;
/** The server's last request came before this share of the time over which a rate is reckoned. */
const SILENT_SHARE = 0.8;
const FEW_RESETS = 0.05;
/** A share of failures that an exit code should tell. */
const MANY_FAILURES = 0.1;
/** With a connection for each request there are about as many connections. */
const HALF = 0.5;

/** Faults by which a request has no good answer. */
const FAILING: ReadonlySet<string | null> = new Set(["resets", "stalls", "answers-500"]);

export function differencesIn(situation: SituationName, figures: SituationFigures): Found[] {
  return [
    ...aboutTheEnd(figures),
    ...aboutRequests(figures),
    ...aboutFailures(situation, figures),
    ...aboutConnections(situation, figures),
    ...aboutTheTime(figures),
    ...aboutTheRate(figures),
    ...aboutTheExitCode(figures),
  ];
}

function found<Code extends DifferenceCode>(code: Code, figures: DifferenceFigures[Code]): Found {
  return { code, figures } as Found;
}

function aboutTheEnd({ asked, says }: SituationFigures): Found[] {
  const { ended, silent, exitCode, lastLine } = says;
  if (ended === "late") return [found("did-not-end", { afterMs: asked.seconds * 1000 })];
  return silent ? [found("no-summary", { exitCode, lastLine })] : [];
}

function aboutRequests({ says, server }: SituationFigures): Found[] {
  if (says.requests === null || server === null) return [];
  const of = { told: says.requests, served: server.requests };
  if (of.served > of.told) return [found("requests-untold", of)];
  return of.served < of.told ? [found("requests-unserved", of)] : [];
}

/** Requests that the server spoiled; 0 where it answered them all. */
function spoiledBy(server: SituationFigures["server"]): number {
  return server !== null && FAILING.has(server.fault) ? (server.faults ?? 0) : 0;
}

function aboutFailures(situation: SituationName, { asked, says, server, kernels }: SituationFigures): Found[] {
  const { failed } = says;
  const served = server?.requests ?? 0;
  const held: Found[] =
    kernels.ports !== null && kernels.ports.used >= kernels.ports.limit
      ? [found("ports-held", { ports: kernels.ports.limit, failed, served })]
      : [];
  if (failed === null || server === null) return held;
  const faults = spoiledBy(server);
  // Those under way at the end are the server's alone, one a connection.
  const apart = Math.abs(faults - failed);
  if (faults > 0 && apart > 0 && (failed === 0 || apart > (asked.connections ?? 0)))
    return [...held, found("failures-other", { fault: server.fault ?? "", faults, failed })];
  const isCalm = situation === "keep-alive" || situation === "close";
  return isCalm && failed > 0 && held.length === 0 ? [found("failures-overtold", { failed, served })] : held;
}

function aboutConnections(situation: SituationName, { asked, says, server, kernels }: SituationFigures): Found[] {
  const { opened, closedFirst, rsts } = kernels;
  const all: Found[] = [];
  if (opened === null || server === null) return all;
  const isClose = asked.connection === "close";
  if (situation === "keep-alive" && asked.connections !== null && opened !== asked.connections)
    all.push(found("connections-more", { asked: asked.connections, opened }));
  if (says.connections !== null && says.connections !== opened)
    all.push(found("connections-other", { told: says.connections, opened }));
  if (isClose && server.connections > server.requests)
    all.push(found("connections-unused", { accepted: server.connections, served: server.requests }));
  if (isClose && opened < HALF * server.requests)
    all.push(found("close-not-done", { opened, served: server.requests }));
  if (server.fault !== "resets" && closedFirst !== null && rsts !== null && closedFirst.reset >= FEW_RESETS)
    all.push(found("resets", { share: closedFirst.reset, opened, clientRsts: rsts.client, serverRsts: rsts.server }));
  return all;
}

/** When the server got the last request, where that was long before `seconds` were over; else null. */
function lastBefore(server: SituationFigures["server"], seconds: number): number | null {
  const last = server?.requestedMs?.last ?? null;
  return last !== null && last < SILENT_SHARE * seconds * 1000 ? last : null;
}

/** A command line of the user's says itself how long it sends. */
function aboutTheTime({ asked, says, server }: SituationFigures): Found[] {
  if (asked.connection === null || says.silent || says.ended !== null) return [];
  const lastMs = lastBefore(server, asked.seconds);
  // Told with the rate that it is reckoned into.
  if (lastMs === null || (says.perSec ?? 0) === 0 || lastBefore(server, says.seconds ?? 0) !== null) return [];
  return [found("sent-no-longer", { seconds: asked.seconds, lastMs })];
}

function aboutTheRate({ asked, says, server, kernels }: SituationFigures): Found[] {
  const { perSec, seconds, requests, failed, succeeded } = says;
  if (server === null) return [];
  const notKept: Found[] = [];
  const servedPerSec = server.requests / asked.seconds;
  if (asked.perSec !== null && servedPerSec < (1 - SAME_RATE) * asked.perSec)
    notKept.push(found("rate-not-kept", { asked: asked.perSec, served: server.requests, perSec: servedPerSec }));
  if (perSec === null || seconds === null || seconds === 0) return notKept;
  const lastMs = lastBefore(server, seconds);
  const silence: Found[] = [];
  if (lastMs !== null && perSec > 0) {
    const idle = kernels.idleSinceMs !== null && kernels.idleSinceMs < SILENT_SHARE * seconds * 1000;
    silence.push(found("rate-over-silence", { perSec, seconds, lastMs, idle }));
  }
  if (holdsFailures(says)) {
    const figures = { perSec, failed: failed ?? 0, succeededPerSec: (succeeded ?? 0) / seconds };
    return [...notKept, ...silence, found("rate-counts-failures", figures)];
  }
  const told = perSec * seconds;
  const counted = requests ?? server.requests;
  // Whoever counts failures apart from the rest is right to leave them out of its rate.
  const right = [server.requests, counted, succeeded ?? counted].some((n) => isNear(told, n));
  return right
    ? [...notKept, ...silence]
    : [...notKept, ...silence, found("rate-other", { perSec, seconds, served: server.requests })];
}

/** By its own figures its rate is that of all its requests, and many of them failed. */
function holdsFailures({ perSec, seconds, requests, succeeded, failed }: SituationFigures["says"]): boolean {
  if (perSec === null || seconds === null || requests === null || succeeded === null || failed === null) return false;
  return (
    requests - succeeded > SAME_RATE * requests &&
    isNear(perSec * seconds, requests) &&
    !isNear(perSec * seconds, succeeded)
  );
}

function isNear(a: number, b: number): boolean {
  return Math.abs(a - b) <= SAME_RATE * Math.max(a, b);
}

function aboutTheExitCode({ says, server }: SituationFigures): Found[] {
  if (says.exitCode !== 0) return [];
  const { failed, requests } = says;
  if (failed !== null && requests !== null && failed > MANY_FAILURES * Math.max(requests, failed))
    return [found("exit-zero", { failed, requests: Math.max(requests, failed), by: "program" })];
  const faults = spoiledBy(server);
  if (server !== null && faults > MANY_FAILURES * server.requests)
    return [found("exit-zero", { failed: faults, requests: server.requests, by: "server" })];
  return [];
}
