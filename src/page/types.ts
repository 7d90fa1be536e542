import type { Severity } from "../findings/types.js";
import type { Verdict } from "../scenario/claim/types.js";

/** What a page shows, as data: made from results by pure functions, drawn by components that know nothing else. */
export interface PageView {
  title: string;
  /** Results that are shown as a whole. */
  runs: (RunView & { comparison: ComparisonView | null })[];
  /** Several claims, in one table; null where there are none, or one that is shown as a whole. */
  claims: ClaimsView | null;
  /** Of two results; those of one run stand with it. */
  comparisons: ComparisonView[];
  raw: RawView;
}

/** The document from which the page was drawn. */
export interface RawView {
  /** The name that a download gets, without `.gz`. */
  name: string;
  /** gzip, in base64; null where it would make the page too large. */
  gzip: string | null;
  /** How large it is, in words. */
  size: string;
}

export interface RunView {
  /** Unique on the page; other ids begin with it. */
  id: string;
  name: string;
  title: string;
  /** When, where and how it ran, a few words each. */
  facts: string[];
  /** Why the figures are not all there; null for a complete run. */
  status: { failed: boolean; text: string; hint: string[] } | null;
  claim: ClaimView | null;
  findings: FindingsView;
  labs: LabView[];
  figures: TableView | null;
  charts: ChartsView;
  links: TableView[];
  steps: TableView | null;
  spread: TableView | null;
  trials: DotsView[];
  expectations: ExpectationsView;
  /** Of the scenario, as written. */
  gates: string[];
  books: TableView | null;
  warnings: string[];
  environment: TableView;
  /** `file`: as it was read, and runs; null where the result does not have it. `resolved`: every field, as it ran. */
  scenario: { explanation: string[]; file: string | null; resolved: string };
}

export interface FindingsView {
  problems: FindingView[];
  notices: FindingView[];
  /** How it was in each variant, and in each load of its steps. */
  explained: { title: string; facts: FindingView[] }[];
}

export interface FindingView {
  severity: Severity;
  text: string;
  /** The variant, and in how many trials; empty where that goes without saying. */
  where: string;
  remedy: string;
  /** Who says so; empty without a remedy. */
  source: string;
}

export interface ClaimView {
  text: string;
  verdict: Verdict | null;
  words: string;
  reason: string;
  figures: { label: string; value: string }[];
  test: string;
  lesson: string;
  instead: string;
  sources: string[];
}

export interface ClaimsView {
  counts: string;
  facts: string[];
  rows: (ClaimView & { id: string; scenario: string; warnings: string })[];
  broken: string[];
}

export interface ExpectationsView {
  /** Why there are no verdicts; null where there are. */
  open: string | null;
  rows: { holds: boolean; text: string; measured: string }[];
}

export interface TableView {
  title: string;
  /** What the columns hold, below the table; empty where they say it. */
  legend: string;
  heads: string[];
  rows: RowView[];
}

export interface RowView {
  /** Shown once for rows that follow each other. */
  group: string;
  label: string;
  /** Lines of each cell. */
  cells: string[][];
  tone?: Tone;
  /** Cells to look at. */
  strong?: boolean[];
}

/** Who or what a series belongs to: one colour and one stroke everywhere. `v0` … are variants, laid over each other. */
export type Tone = "server" | "client" | "latency" | `host${number}` | `v${number}` | `state-${string}`;

export interface LabView {
  variant: string;
  hosts: HostBox[];
  cables: Cable[];
  sentence: string;
}

export interface HostBox {
  name: string;
  tone: Tone;
  /** How far from the client: its column. */
  rank: number;
  /** What runs on it. */
  role: string;
  /** Sockets in TIME_WAIT at once, at most; null where it was not read. */
  timeWait: string | null;
  /** What that figure is; absent: its peak. */
  unit?: string;
  /** Label and figure, below it. */
  rows: { label: string; value: string }[];
  /** Local ports towards one destination, as a part of those that there are; null where they were not read. */
  ports: { text: string; part: number } | null;
}

export interface Cable {
  from: string;
  to: string;
  above: string;
  /** Who closes. */
  below: string;
  /** Towards whom the first FIN goes, mostly: its sender is the other one. */
  first: "from" | "to" | null;
}

export interface ChartsView {
  variants: VariantCharts[];
  /** All variants in each chart; null for a single one. */
  overlaid: ChartView[] | null;
  /** What is not drawn, in words; empty where all is. */
  leftOut: string;
}

export interface VariantCharts {
  id: string;
  name: string;
  /** Why there are none; empty where there are. */
  remark: string;
  charts: ChartView[];
}

export type Unit = "count" | "perSec" | "share" | "us" | "ms" | "percentile";

export interface Axis {
  scale: "linear" | "log";
  min: number;
  max: number;
  unit: Unit;
  ticks: { at: number; text: string }[];
}

export interface ChartView {
  id: string;
  title: string;
  /** What is to be seen, for those who cannot see it, and all others. */
  sentence: string;
  kind: "lines" | "bars" | "stack";
  x: Axis;
  y: Axis;
  series: SeriesView[];
  /** Lines across, each with its text. */
  marks: { at: number; text: string }[];
}

export interface SeriesView {
  name: string;
  /** At the end of its line. */
  label: string;
  tone: Tone;
  dash: number;
  x: number[];
  y: (number | null)[];
}

/** A figure of each trial as a dot, and an interval of their median. */
export interface DotsView {
  id: string;
  title: string;
  sentence: string;
  axis: Axis;
  rows: { name: string; dots: number[]; interval: { low: number; high: number } | null; text: string }[];
}

export interface ComparisonView {
  id: string;
  verdict: string;
  /** What it is, in words. */
  kind: string;
  summary: string;
  facts: string[];
  /** `word`: the outcome as it is said. */
  gates: { outcome: "holds" | "breaks" | "unclear"; word: string; text: string; reason: string }[];
  /** `verdict` as it is said. */
  reasons: { verdict: string; text: string }[];
  tables: ComparisonTable[];
  notes: string[];
  /** Problems and notices of either side. */
  findings: { side: "base" | "head"; text: string }[];
}

export interface ComparisonTable {
  variant: string;
  /** For a screen reader. */
  label: string;
  heads: string[];
  rows: {
    metric: string;
    base: string;
    head: string;
    change: string;
    interval: string;
    verdict: string;
    tone: "worse" | "better" | "plain";
  }[];
  /** Ratios of head to base with their intervals; null where there are none. */
  ratios: DotsView | null;
  /** Base and head of each pair of trials. */
  pairs: ChartView[];
}
