import { share, span } from "../../text/figures.js";
import type { FindingTexts, FiguresOf, Place } from "../types.js";
import { inStep } from "./places.js";

/** Who waited for a processor. */
export const WAITS: Pick<FindingTexts, "client-starved" | "server-starved"> = {
  "client-starved": {
    when: "the client waited for a processor for 30 % of the time in which it could run, or more",
    text: (figures, at) => `the client ${waited(figures, at)}: the latencies contain part of that wait`,
  },
  "server-starved": {
    when: "the server waited for a processor for half of the time in which it could run, or more",
    text: (figures, at) => `the server ${waited(figures, at)}: with processors of its own it would answer sooner`,
  },
};

function waited({ waitMs, share: part }: FiguresOf["client-starved"], at: Place): string {
  return `waited ${span(waitMs)} for a processor${inStep(at)}, ${share(part)} of the time in which it could run`;
}
