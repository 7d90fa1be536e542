import { count, micros, plural, share, span } from "../../text/figures.js";
import type { FindingTexts, FiguresOf, Place } from "../types.js";
import { hostAt, inStep, the } from "./places.js";
import { byNumber, exhaustedOf, fromOf, inOneLine, keepers, toOf, unopened } from "../points.js";

/** What failed, or stands out. */
export const FAILURES: Pick<
  FindingTexts,
  | "requests-failed"
  | "ports-exhausted"
  | "ports-scarce"
  | "command-failed"
  | "program-connections"
  | "link-churns"
  | "resets"
> = {
  "requests-failed": {
    when: "a load had requests without a whole and good answer",
    text: ({ failed, sent, kinds }, at) =>
      `${count(failed)} of ${plural(sent, "request")} failed${inStep(at)}: ${listOf(kinds)}`,
  },
  "ports-exhausted": {
    when: "no local port was free, or 99 % of them were held (90 % if requests failed)",
    text: (figures, at) => `${portsText(figures, at)}${inStep(at)}; ${whatFailed(figures)}`,
  },
  "ports-scarce": {
    when: "90 % of a link's local ports were held",
    text: ({ used, ports }, at) =>
      `${fromOf(at)} held ${count(used)} of its ${count(ports)} local ports towards ${toOf(at)}${inStep(at)}: connect() searches longer for a free one`,
  },
  "command-failed": {
    when: "a command, or a program as the client, exited with another code than 0, or was killed",
    text: (figures, { step }) =>
      `the ${step === null ? "program" : `command ${step}`} on ${figures.host} ${commandEnd(figures)}${lastLines(figures.output)}`,
  },
  "program-connections": {
    when: "the client was a program: how many connections it opened, and who closed first",
    text: ({ program, opened, sent, closedFirst, says }, at) =>
      `${program === null ? the(fromOf(at)) : nameOf(program)} opened ${plural(opened, "connection")}${sent === null ? "" : ` for ${plural(sent, "request")}`}${inStep(at)}${whoClosed(closedFirst, at)}${ownWords(says, program)}`,
  },
  "link-churns": {
    when: "a link beyond the load's own opened a connection for every second request, or more",
    text: ({ opened, sent, perRequest, exact, timeWait }, at) =>
      `${fromOf(at)} opened ${exact ? "" : "about "}${plural(opened, "connection")} to ${toOf(at)} for ${plural(sent, "request")}${inStep(at)} (${perRequest.toFixed(2)} for each); ${keeper(timeWait, exact, at)}`,
  },
  resets: {
    when: "5 % of a link's connections or more ended in a reset that the scenario does not ask for",
    text: (figures, at) =>
      `${share(figures.share)} of ${plural(figures.opened, "connection")} from ${fromOf(at)} to ${toOf(at)} ended in a reset${inStep(at)}${meaningOf(figures)}`,
  },
};

function meaningOf({ deliberate, tls }: { deliberate: boolean; tls?: true }): string {
  if (deliberate) return ": haproxy ends them so, and its ports are free at once";
  const none = ", which leaves no TIME_WAIT";
  return tls
    ? `${none}: over TLS the end that has closed is sent the other's close_notify, and answers it by a RST`
    : none;
}

/** `6,208 with http-500, 12 with ECONNRESET` */
function listOf(kinds: Readonly<Record<string, number>>): string {
  return (
    byNumber(kinds)
      .map(([kind, failed]) => `${count(failed)} with ${kind}`)
      .join(", ") || "of no kind that is known"
  );
}

function portsText(figures: FiguresOf["ports-exhausted"], at: Place): string {
  const { used, ports, low, high, synRetrans } = figures;
  const range = low === null || high === null ? "" : ` (${low} to ${high})`;
  switch (exhaustedOf(figures)) {
    case "nat":
      return `the NAT gave out ${count(used)} of its ${plural(ports ?? 0, "port")}${range}, and drops a SYN for which none is free: clients sent ${plural(synRetrans ?? 0, "SYN")} again, a second later or more`;
    case "unknown":
      return `${fromOf(at)} had no free local port towards ${toOf(at)}`;
    case "all":
      return `${fromOf(at)} held all ${count(ports)} of its local ports${range} towards ${toOf(at)}`;
    case "nearly":
      return `${fromOf(at)} held ${count(used)} of its ${count(ports)} local ports${range} towards ${toOf(at)} when it was read`;
    case "none-free":
      return `${fromOf(at)} had none of its ${count(ports)} local ports${range} free towards ${toOf(at)}`;
  }
}

/** What failed for another reason than that is only told to have been at the same time. */
function whatFailed(figures: FiguresOf["ports-exhausted"]): string {
  const { refused, failed, sent } = figures;
  const forIt = unopened(figures);
  if (failed === null || sent === null) return "what failed of the program's requests only it can tell";
  if (forIt > 0) return `${count(forIt)} of ${plural(sent, "request")} failed for want of one: ${listOf(refused)}`;
  return failed > 0 ? `meanwhile ${count(failed)} of ${plural(sent, "request")} failed` : "no request failed";
}

function commandEnd({ exitCode, signal, timedOut, timeoutMs }: FiguresOf["command-failed"]): string {
  if (timedOut) return `was killed, for it took longer than ${span(timeoutMs)}`;
  return exitCode === null ? `was ended by ${signal ?? "a signal"}` : `exited with ${exitCode}`;
}

function lastLines(output: string | null): string {
  const said = inOneLine(output);
  return said === "" ? "" : `; it said: ${said}`;
}

/** A sentence would begin with "Wrk", which is no name of it. */
function nameOf(program: string): string {
  return program === "your program" ? program : `the client ${program}`;
}

/** `; it says: 8,813 requests, 0 failed, 8,810 a second, p99 8.42 ms` */
function ownWords(
  says: FiguresOf["program-connections"]["says"],
  program: FiguresOf["program-connections"]["program"],
): string {
  if (says === null) return "";
  const { requests, failed, perSec, latencyUs } = says;
  const parts = [
    ...(requests === null ? [] : [plural(requests, "request")]),
    ...(failed === null ? [] : [`${count(failed)} failed`]),
    ...(perSec === null ? [] : [`${count(Math.round(perSec))} a second`]),
    ...(typeof latencyUs?.p99 === "number" ? [`p99 ${micros(latencyUs.p99)}`] : []),
  ];
  return parts.length === 0 ? "" : `; ${program === null ? "the load generator" : "it"} says: ${parts.join(", ")}`;
}

/** `, and closed first on all of them` */
function whoClosed(closedFirst: FiguresOf["program-connections"]["closedFirst"], at: Place): string {
  if (closedFirst === null) return "";
  const { from, to, reset } = closedFirst;
  if (from === 1) return ", and closed first on all of them";
  if (to === 1) return `, and left it to ${hostAt("to", at)} to close all of them first`;
  if (reset === 1) return ", and all of them ended in a reset";
  const ended = reset > 0 ? `, ${share(reset)} ended in a reset` : "";
  return `, and closed first on ${share(from)} of them${ended}`;
}

function keeper(timeWait: FiguresOf["link-churns"]["timeWait"], exact: boolean, at: Place): string {
  const kept = keepers(timeWait, at);
  if (kept.length === 0) return "no TIME_WAIT was left";
  return kept.map(({ host, ends }) => `${host} kept ${exact ? "" : "about "}${count(ends)} in TIME_WAIT`).join(", ");
}
