import type { ChartView, LabView, TableView } from "../types.js";

/** What the page shows while runs go on, as data: made from their state by a pure function (view.ts). */
export interface LiveView {
  title: string;
  /** Those that are shown as a whole. */
  runs: LiveRunView[];
  /** Of many runs, those that are over or run beside others. */
  brief: { id: string; name: string; title: string; state: string }[];
}

export interface LiveRunView {
  id: string;
  name: string;
  title: string;
  /** What is being done, in words. */
  state: string;
  /** Of the load under way, from 0 to 1; null without one. */
  part: number | null;
  /** What became true, the newest first. */
  notices: LiveNoticeView[];
  variants: LiveVariantView[];
  /** Whether it has several variants, also where one alone has begun. */
  several: boolean;
  /** Why some variants are not shown; empty where all are. */
  leftOut: string;
  findings: { severity: string; where: string; text: string }[];
  expectations: { state: "holds" | "fails" | "open"; text: string; measured: string }[];
  warnings: string[];
}

export interface LiveNoticeView {
  /** One of its own in the run, which stays. */
  id: string;
  severity: string;
  /** Since the load began, and in which variant. */
  where: string;
  text: string;
}

export interface LiveVariantView {
  id: string;
  name: string;
  /** Which trial it is, and what is being done; as few words as there are. */
  state: string;
  /** Figures of this moment. */
  figures: { label: string; value: string }[];
  lab: LabView | null;
  charts: ChartView[];
  steps: { name: string; does: string; state: string; now: boolean; failed: boolean }[];
  links: TableView | null;
}
