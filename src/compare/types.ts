import type { Finding } from "../findings/types.js";
import type { Better, MetricUnit, Tier } from "../metrics/types.js";

/** What a comparison of two results says. Every report of it is a function of this document. */

export const JUDGEMENTS = ["worse", "unclear", "better", "same"] as const;
export type Judgement = (typeof JUDGEMENTS)[number];

/**
 * How far the machine can be held constant. `one-run`: trials of both sides took turns. `one-machine`: one result was
 * made after the other. `other-machine`: timing is advice.
 */
export type Pairing = "one-run" | "one-machine" | "other-machine";

export interface Comparison {
  schemaVersion: 1;
  kind: "comparison";
  scenario: string;
  /** The worst that was judged; a gate that breaks is worse. */
  verdict: Judgement;
  /** The verdict in one sentence, with what decided it: `worse: opens 1.00 connections per request, base 0.002`. */
  summary: string;
  base: SideInfo;
  head: SideInfo;
  pairing: Pairing;
  /** What differs between the environments of the two sides, in words; empty on one machine. */
  differences: string[];
  variants: VariantComparison[];
  gates: GateResult[];
  /** What to know of the sides before the verdict is believed. */
  notes: string[];
}

export interface SideInfo {
  /** What the user calls it: a file, or a name. */
  label: string;
  startedAt: string;
}

export interface VariantComparison {
  name: string;
  metrics: MetricComparison[];
  /** What the two runs tell in words. */
  findings: { base: Finding[]; head: Finding[] };
}

export interface MetricComparison {
  /** `connections.perRequest`, `latencyUs.p99`. */
  metric: string;
  tier: Tier;
  better: Better;
  unit: MetricUnit;
  /** Medians over the trials; null where it was not measured. */
  base: number | null;
  head: number | null;
  /** Head as a multiple of base, paired where there are pairs; null where base is 0, or one of them is missing. */
  ratio: number | null;
  /** Of the ratio, 95 %; null with too few pairs, and for structural metrics. */
  interval: { low: number; high: number } | null;
  /** The least difference that counts, as a part: 0.05. */
  minimum: number;
  /** What the trials of one side show against each other, as a part; null for structural metrics, and with too few trials. */
  noise: number | null;
  /** That this much worse comes by chance, corrected for all that was tested (Holm); null where nothing was tested. */
  chance: number | null;
  verdict: Judgement;
  /** Whether the verdict counts. Timing across machines is advice, or after each other on one that was busy otherwise. */
  judged: boolean;
  /** A sentence without a full stop. */
  reason: string;
  /** Trial by trial, in the order of measurement. */
  trials: { base: (number | null)[]; head: (number | null)[] };
}

export interface GateResult {
  /** As written. */
  text: string;
  variant: string;
  /** What it is about: `connections.requestsPer`. */
  metric: string;
  /** `unclear`: it does not break, and whether it holds cannot be told. */
  outcome: "holds" | "breaks" | "unclear";
  /** The left side as measured in head; null where it was not. */
  measured: number | null;
  /** What it was held against, computed; null for `not worse`. */
  against: number | null;
  reason: string;
}
