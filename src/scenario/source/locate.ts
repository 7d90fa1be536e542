import { isAlias, isMap, isScalar, isSeq, type Alias, type Node, type Pair, type YAMLMap } from "yaml";
import { keyOf } from "./plain.js";
import type { Path } from "./problem.js";
import type { Span } from "./yaml.js";

/** Where a field stands in a YAML text. */
export interface Spot {
  /** How many steps of the path are there; the spans are those of the last one. */
  depth: number;
  /** The field's name; null in a list and at the top. */
  key: Span | null;
  /** null for a field without a value. */
  value: Span | null;
  /** The value, for offsets into it. */
  node: unknown;
}

/** Goes down a path as far as it is written; aliases lead to the place that they repeat. */
export function locator(root: Node | null, targets: ReadonlyMap<Alias, Node>): (path: Path) => Spot {
  const indexes = new Map<YAMLMap<Node, Node | null>, Map<string, Pair<Node, Node | null>>>();
  const pairIn = (map: YAMLMap<Node, Node | null>, name: string | number) => {
    const index = indexes.get(map) ?? indexOf(map);
    indexes.set(map, index);
    return index.get(String(name));
  };
  return (path) => {
    let spot: Spot = { depth: 0, key: null, value: spanOf(root), node: root };
    for (const step of path) {
      const node = isAlias(spot.node) ? targets.get(spot.node) : spot.node;
      const depth = spot.depth + 1;
      if (isSeq(node) && typeof step === "number" && step < node.items.length) {
        spot = { depth, key: null, value: spanOf(node.items[step]), node: node.items[step] };
        continue;
      }
      const pair = isMap<Node, Node | null>(node) ? pairIn(node, step) : undefined;
      if (pair === undefined) return spot;
      spot = { depth, key: spanOf(pair.key), value: spanOf(pair.value), node: pair.value };
    }
    return spot;
  };
}

/** Of names that stand twice the first counts, as in plain.ts. */
function indexOf(map: YAMLMap<Node, Node | null>): Map<string, Pair<Node, Node | null>> {
  return new Map(map.items.toReversed().map((pair) => [keyOf(pair.key) ?? "", pair]));
}

/** Where a place in a scalar's text stands in the source; its beginning when escapes or folded lines are between. */
export function offsetWithin(node: unknown, source: string, offset: number): number {
  if (!isScalar(node) || !node.range || typeof node.value !== "string") return 0;
  const [from, to] = node.range;
  const written = source.slice(from, to);
  const lead = written.indexOf(node.value);
  return lead === 0 || lead === 1 ? from + lead + offset : from;
}

function spanOf(node: unknown): Span | null {
  const range = isScalar(node) || isMap(node) || isSeq(node) || isAlias(node) ? node.range : null;
  return range && range[1] > range[0] ? { from: range[0], to: range[1] } : null;
}
