import type { ComparedBy, Group, Leaf, MetricFamily, MetricUnit, Node, OrNull } from "./types.js";

/** The words in which the table of metrics is written: how a figure is compared, its unit, and how figures are joined. */

export const STRUCTURAL = { tier: "structural", better: "lower", minimum: 0.1 } as const;
export const PER_REQUEST = { ...STRUCTURAL, withPool: true } as const;
export const OF_CONNECTIONS = { ...STRUCTURAL, minimum: 0.05 } as const;
export const TIMING = { tier: "timing", better: "lower", minimum: 0.05 } as const;
/** The slowest of a hundred scatters more. */
export const OF_P99 = { ...TIMING, minimum: 0.1 } as const;

export type Text = readonly [title: string, label: string, means: string];

export const leafIn =
  (unit: MetricUnit) =>
  ([title, label, means]: Text, compared?: ComparedBy): Leaf =>
    compared === undefined
      ? { kind: "number", unit, title, label, means }
      : { kind: "number", unit, title, label, means, compared };
export const count = leafIn("count");
export const perSec = leafIn("perSec");
export const perRequest = leafIn("perRequest");
export const shareLeaf = leafIn("share");
export const us = leafIn("us");
export const ms = leafIn("ms");

export const group = <Fields extends Readonly<Record<string, Node>>>(fields: Fields): Group<Fields> => ({
  kind: "group",
  fields,
});
export const orNull = <Inner extends Node>(inner: Inner, means: string, absent: string): OrNull<Inner> => ({
  kind: "or-null",
  inner,
  means,
  absent,
});
export const family = <Inner extends Node>(of: string, pattern: string, inner: Inner): MetricFamily<Inner> => ({
  kind: "family",
  each: of,
  pattern,
  inner,
});
export const byRole = <Inner extends Node>(of: (role: "client" | "server") => Inner) =>
  group({ client: of("client"), server: of("server") });

export const timeWaitFields = (title: string, created?: ComparedBy) => ({
  created: count([title, "created", "sockets that entered it: events"], created),
  peak: count([title, "peak", "sockets in it at once, at most"]),
  end: count([title, "end", "sockets in it when the load was over"]),
});
