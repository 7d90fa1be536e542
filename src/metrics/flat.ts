import { METRICS, type Metrics } from "./table.js";
import type { Node } from "./types.js";

/** Figures of one load as a list of numbers by their paths, in which steps keep them, and back again. */

export type FlatMetrics = Readonly<Record<string, number>>;

/** Every number by its path, `requests.sent`, `links.client.server.opened`; a flag is 1 or 0. */
export function flattened(metrics: Metrics): Record<string, number> {
  return Object.fromEntries(numbersIn(metrics, ""));
}

function numbersIn(value: unknown, path: string): [string, number][] {
  if (typeof value === "number") return [[path, value]];
  if (typeof value === "boolean") return [[path, value ? 1 : 0]];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) => numbersIn(inner, path === "" ? name : `${path}.${name}`));
}

/** What was null has no numbers, and is null again. Flags are not there in results of earlier versions, and say yes. */
export function unflattened(flat: FlatMetrics): Metrics {
  return built({ kind: "group", fields: METRICS }, Object.entries(flat)) as Metrics;
}

/** Of the load that was one of several steps: `<step>.<path>`. null where it made none, or was not come to. */
export function metricsOfStep(figures: Readonly<Record<string, number | string | null>>, step: string): Metrics | null {
  const flat: Record<string, number> = {};
  for (const [name, value] of Object.entries(figures))
    if (typeof value === "number" && name.startsWith(`${step}.`)) flat[name.slice(step.length + 1)] = value;
  const isLoad = ["requests.sent", "connections.opened"].some((path) => Object.hasOwn(flat, path));
  return isLoad ? unflattened(flat) : null;
}

type Entry = readonly [path: string, value: number];

function built(node: Node, entries: readonly Entry[]): unknown {
  switch (node.kind) {
    case "number":
      return entries[0]?.[1] ?? 0;
    case "flag":
      return (entries[0]?.[1] ?? 1) === 1;
    case "or-null":
      return entries.length === 0 ? null : built(node.inner, entries);
    case "group": {
      const fields = Object.entries(node.fields);
      return Object.fromEntries(fields.map(([name, inner]) => [name, built(inner, below(entries, name))]));
    }
    case "family": {
      const names = new Set(entries.map(([path]) => nameAtStart(path, node)));
      return Object.fromEntries([...names].map((name) => [name, built(node.inner, below(entries, name))]));
    }
  }
}

function below(entries: readonly Entry[], name: string): Entry[] {
  return entries.flatMap(([path, value]): Entry[] => {
    if (path === name) return [["", value]];
    return path.startsWith(`${name}.`) ? [[path.slice(name.length + 1), value]] : [];
  });
}

/** Names of hosts hold no dots; addresses of IPv4 do. */
const HOST_AT_START = /^(?:\d+\.\d+\.\d+\.\d+(?::\d+)?|[^.]+)(?=\.)/u;

/** A kind that is counted, which may be any text, or a host of which something is. */
function nameAtStart(path: string, { inner }: Extract<Node, { kind: "family" }>): string {
  return inner.kind === "number" ? path : (HOST_AT_START.exec(path)?.[0] ?? path);
}
