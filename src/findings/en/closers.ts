import { count, decimal, plural, span } from "../../text/figures.js";
import type { CauseFigures, Spread, StaleFigures } from "../figures.js";
import type { FindingTexts, Place } from "../types.js";
import { hostAt, inStep, the, upper } from "./places.js";
import { answeredAt, fromOf, type Idle, idleOf, opposite, staleOf, toOf } from "../points.js";

/** Why connections ended, and what met their end. */
export const ENDS: Pick<FindingTexts, "closer-cause" | "stale-connection" | "hidden-retries"> = {
  "closer-cause": {
    when: "connections of a load ended before it did: why, or that it cannot be told",
    text: causeText,
  },
  "stale-connection": {
    when: "a request met a connection that the server had just closed",
    text: staleText,
  },
  "hidden-retries": {
    when: "the client's library sent requests once more by itself",
    text: ({ repeated, sent }, at) =>
      `the library of ${the(fromOf(at))} sent ${plural(repeated, "request")} of ${count(sent)} once more by itself${inStep(at)}: its caller sees no failure`,
  },
};

function causeText(figures: CauseFigures, at: Place): string {
  const { end, cause, requests, idleMs, planned } = figures;
  const who = hostAt(end, at);
  const other = hostAt(opposite(end), at);
  const some = ofEnded(figures);
  switch (cause) {
    case "asked":
      return planned === null || planned === 1
        ? "Each request said Connection: close"
        : `Each ${ordinal(planned)} request of a connection said Connection: close`;
    case "planned":
    case "client-limit":
      return planned === null || planned === 1
        ? `The scenario ${end === "from" ? `asks ${who} to close` : `leaves closing to ${who}`}`
        : `The scenario asks ${who} to close after ${plural(planned, "request")}`;
    case "not-as-planned":
      return `The scenario leaves closing to ${other}, and yet ${who} closed`;
    case "answer":
      return answerText(figures, who) + inStep(at);
    case "idle":
    case "client-idle": {
      const library = cause === "idle" ? who : `the library of ${who}`;
      const after = requests === null ? "" : `, after ${valueText(requests, (n) => plural(n, "request"))}`;
      return idleMs === null
        ? `${library} closed ${some} on which no request was${after}${inStep(at)}`
        : `${library} closes connections that are idle for ${idleText(idleOf(idleMs))}: ${some}${after}${inStep(at)}`;
    }
    case "mid-request":
      return `${who} closed ${some} while a request waited for its answer${inStep(at)}`;
    case "timeout":
      return `${plural(figures.count ?? 0, "request")} timed out (ETIMEDOUT), and ${who} closes their connections`;
    case "malformed":
      return `${who} gave up ${some}, for what came is not HTTP${inStep(at)}`;
    case "error":
      return `a system call failed on ${some}${inStep(at)}`;
    case "body-unread":
      return `${upper(who)} closed the bodies of responses without having read them, and with them the connections`;
    case "idle-pool":
      return `${upper(who)} closed because it keeps no more than ${planned === null ? "a few idle connections" : plural(planned, "idle connection")}`;
    case "unknown":
      return figures.count === null
        ? `Why ${who} closed first cannot be told from what was measured`
        : `Why ${some} ended cannot be told from what was measured`;
  }
}

/** The answer said that the connection ends, and no request had asked for that. */
function answerText(figures: CauseFigures, who: string): string {
  const { requests } = figures;
  const after = answeredAt(figures);
  if (after === "each") return `${who} refuses keep-alive: it answered Connection: close to each request`;
  if (after !== null)
    return `${who} closes a connection after ${plural(after, "request")}: the last answer says Connection: close`;
  const carried = requests === null ? "" : `, after ${valueText(requests, (n) => plural(n, "request"))}`;
  return `${who} answered Connection: close on ${ofEnded(figures)}, though no request asked for it${carried}`;
}

/** `105 connections`, `12 of 30 connections`: of those that ended before the load did. */
function ofEnded({ count: counted, of }: CauseFigures): string {
  if (counted === null) return "connections";
  return of === null || counted === of
    ? plural(counted, "connection")
    : `${count(counted)} of ${plural(of, "connection")} that ended`;
}

/** `20 requests`, `3 to 40 requests` */
function valueText({ min, max }: Spread, text: (value: number) => string): string {
  return min === max ? text(max) : `${decimal(min)} to ${text(max)}`;
}

function idleText(idle: Idle): string {
  return idle.kind === "about" ? span(idle.ms) : `${span(idle.low)} to ${span(idle.high)}`;
}

function staleText({ stale, sent, idleMs }: StaleFigures, at: Place): string {
  const known = staleOf(idleMs);
  const idle =
    known === null
      ? ""
      : known.kind === "at-once"
        ? `, on which the next request came within ${span(known.ms)} of the last answer`
        : `, which had been idle for ${idleText(known)}`;
  const whose = stale === 1 ? "its" : "their";
  return `${count(stale)} of ${plural(sent, "request")} failed because ${the(toOf(at))} had just closed ${whose} kept connection${idle}${inStep(at)}`;
}

/** `20th`, `2nd` */
function ordinal(n: number): string {
  const teens = n % 100 >= 11 && n % 100 <= 13;
  const ending = teens ? "th" : ({ 1: "st", 2: "nd", 3: "rd" }[n % 10] ?? "th");
  return `${count(n)}${ending}`;
}
