import { count, decimal, plural, share, span } from "../text/figures.js";
import type { DifferenceFigures, DifferenceTexts } from "./types.js";

/** English. */
export const EN: DifferenceTexts = {
  "no-summary": ({ exitCode, lastLine }, program) =>
    `${program} wrote no summary that can be read${exitCode === null ? "" : `, and exited with ${exitCode}`}${lastLine === null ? "" : `; its last line: ${lastLine}`}`,
  "sent-no-longer": ({ seconds, lastMs }, program) =>
    `${program} was to send for ${span(seconds * 1000)}; the server got the last request after ${span(lastMs)}`,
  "did-not-end": ({ afterMs }, program) =>
    `${program} was to end after ${span(afterMs)}, and did not: it was ended from outside`,
  "requests-untold": ({ told, served }, program) =>
    `${program} tells of ${plural(told, "request")}; the server got ${count(served)}, ${count(served - told)} more`,
  "requests-unserved": ({ told, served }, program) =>
    `of the ${plural(told, "request")} that ${program} tells of, ${count(served)} reached the server`,
  "failures-other": ({ fault, faults, failed }, program) =>
    `the server ${spoiled(fault, faults)}; ${program} says that ${count(failed)} failed`,
  "failures-overtold": ({ failed, served }, program) =>
    `${program} says that ${count(failed)} failed; the server answered all ${plural(served, "request")} that it got`,
  "ports-held": ({ ports, failed, served }, program) =>
    `all ${count(ports)} local ports were held after ${plural(served, "request")}; ${failed === null ? `what failed for want of one only ${program} can know` : `${program} says that ${count(failed)} failed`}, and no kernel counts such failures`,
  "connections-more": ({ asked, opened }, program) =>
    `${program} was to keep ${plural(asked, "connection")}, and opened ${count(opened)}`,
  "connections-other": ({ told, opened }, program) =>
    `${program} tells of ${plural(told, "connection")}; the kernel opened ${count(opened)}`,
  "connections-unused": ({ accepted, served }) =>
    `${plural(accepted, "connection")} carried ${plural(served, "request")}: at least ${count(accepted - served)} carried none`,
  "close-not-done": ({ opened, served }, program) =>
    `${program} was to open a connection for each request, and sent ${count(served)} on ${count(opened)}`,
  resets: ({ share: part, opened, clientRsts, serverRsts }) =>
    `${share(part)} of ${plural(opened, "connection")} ended in a reset, which leaves no TIME_WAIT: the client sent ${count(clientRsts)} RST, the server ${count(serverRsts)}`,
  "rate-over-silence": ({ perSec, seconds, lastMs, idle }, program) =>
    `${program} says ${decimal(perSec)} requests/s over ${span(seconds * 1000)}; the server got the last one after ${span(lastMs)}${idle ? ", and the client then had no connection open any more" : ""}`,
  "rate-counts-failures": ({ perSec, failed, succeededPerSec }, program) =>
    `the ${decimal(perSec)} requests/s of ${program} hold ${plural(failed, "request")} that it says failed: ${decimal(succeededPerSec)}/s succeeded`,
  "rate-other": ({ perSec, seconds, served }, program) =>
    `${program} says ${decimal(perSec)} requests/s over ${span(seconds * 1000)}, which are ${count(Math.round(perSec * seconds))}; the server got ${count(served)}`,
  "rate-not-kept": ({ asked, served, perSec }, program) =>
    `${program} was to send ${decimal(asked)} requests/s; the server got ${count(served)}, which are ${decimal(perSec)}/s`,
  "exit-zero": ({ failed, requests, by }, program) =>
    by === "program"
      ? `${program} exited with 0, though it says that ${plural(failed, "request")} failed`
      : `${program} exited with 0, though ${count(failed)} of ${plural(requests, "request")} had no good answer`,
};

function spoiled(fault: DifferenceFigures["failures-other"]["fault"], faults: number): string {
  switch (fault) {
    case "resets":
      return `reset ${plural(faults, "connection")} in place of an answer`;
    case "stalls":
      return `never answered ${plural(faults, "request")}`;
    default:
      return `answered ${plural(faults, "request")} with status 500`;
  }
}
