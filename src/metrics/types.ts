/**
 * What a table of metrics is made of. From the table follow the type of Metrics, the schema of results, the medians, the
 * names that expectations and gates accept, the comparison, the report's rows, and the list for people.
 */

/** `share`: 0 to 1. `perRequest`: how many for each request that was sent. */
export type MetricUnit = "count" | "perSec" | "perRequest" | "perConnection" | "share" | "us" | "ms";

/**
 * `structural`: what connections do, which hardly depends on the machine; judged against stored baselines too.
 * `timing`: how fast it went; judged only between results of one machine.
 */
export type Tier = "structural" | "timing";

/** `neither`: a change is told, and is not good or bad by itself. */
export type Better = "lower" | "higher" | "neither";

/** How two results are compared by a metric. */
export interface ComparedBy {
  tier: Tier;
  better: Better;
  /** The least difference that counts: a part of base; for shares, of all connections. */
  minimum: number;
  /**
   * Whether each connection that is open at the same time counts one at least, however few requests were sent: what
   * goes beyond those is judged, for how many requests they carry depends on the machine.
   */
  withPool?: true;
  /** A count that is compared as so many for each request that was sent. */
  perRequest?: true;
  /** The step in which it is measured: whole microseconds, or the kernel's ticks of CPU time. */
  step?: "microsecond" | "tick";
  /** `opens {} connections per request`; the figure's place is {}. */
  says: string;
}

export interface Leaf {
  kind: "number";
  unit: MetricUnit;
  /** What it is, in words, for the list in results/README.md. */
  means: string;
  /** Of the report's row: several rows that follow each other share a title. */
  title: string;
  label: string;
  compared?: ComparedBy;
}

/** Yes or no; a median of them says yes where all trials do. */
export interface FlagLeaf {
  kind: "flag";
  means: string;
}

/** `means` says what stands there, `absent` when it is null. */
export interface OrNull<Inner extends Node = Node> {
  kind: "or-null";
  inner: Inner;
  means: string;
  absent: string;
}

export interface Group<Fields extends Readonly<Record<string, Node>> = Readonly<Record<string, Node>>> {
  kind: "group";
  fields: Fields;
}

/** As many of a kind as came up, mostly by names that nobody knows beforehand: `errors.{kind}`. One that never came up is 0. */
export interface MetricFamily<Inner extends Node = Node> {
  kind: "family";
  /** What the names are, for people: `kind`. */
  each: string;
  /** What a name looks like, as a regular expression. */
  pattern: string;
  /** All names that there can be; absent where nobody knows them beforehand. */
  closed?: readonly string[];
  /** The name that stands for all of its kind, whose sum it is: `4xx` for 404. */
  classOf?: (name: string) => string;
  inner: Inner;
}

export type Node = Leaf | FlagLeaf | OrNullNode | GroupNode | FamilyNode;
type OrNullNode = { kind: "or-null"; inner: Node; means: string; absent: string };
type GroupNode = { kind: "group"; fields: Readonly<Record<string, Node>> };
type FamilyNode = {
  kind: "family";
  each: string;
  pattern: string;
  closed?: readonly string[];
  classOf?: (name: string) => string;
  inner: Node;
};

/** The type of what stands at a node. */
export type ValueOf<Of> = Of extends { kind: "number" }
  ? number
  : Of extends { kind: "flag" }
    ? boolean
    : Of extends { kind: "or-null"; inner: infer Inner }
      ? ValueOf<Inner> | null
      : Of extends { kind: "group"; fields: infer Fields }
        ? { -readonly [Name in keyof Fields]: ValueOf<Fields[Name]> }
        : Of extends { kind: "family"; inner: infer Inner }
          ? Record<string, ValueOf<Inner>>
          : never;
