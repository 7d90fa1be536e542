import { isAlias, isMap, isScalar, isSeq, type Alias, type Node, type YAMLMap } from "yaml";
import type { Mistake } from "./faults.js";

/** A YAML tree as plain data. */
export interface Plain {
  data: unknown;
  mistakes: Mistake[];
  /** What each `*alias` stands for. */
  targets: ReadonlyMap<Alias, Node>;
  /** false when the data is not what the text says: an alias could not be followed. */
  whole: boolean;
}

/** So much may be repeated by aliases; a file that asks for more is a bomb ("billion laughs"), not a scenario. */
const MOST_REPEATED_NODES = 1000;

/** Follows aliases within a limit, and finds names that stand twice, in time linear in the text. */
export function toPlain(root: Node | null): Plain {
  const mistakes: Mistake[] = [];
  const anchors = new Map<string, Node>();
  const targets = new Map<Alias, Node>();
  const open = new Set<Node>();
  let repeating = 0;
  let repeated = 0;
  let whole = true;

  const convert = (node: unknown): unknown => {
    if (repeating > 0) repeated += 1;
    if (isAlias(node)) return follow(node);
    if (!isScalar(node) && !isMap<Node, Node | null>(node) && !isSeq<Node>(node)) return null;
    if (repeating === 0 && node.anchor !== undefined) anchors.set(node.anchor, node);
    if (isScalar(node)) return scalarValue(node.value);
    open.add(node);
    const value = isSeq<Node>(node) ? node.items.map(convert) : convertMap(node);
    open.delete(node);
    return value;
  };

  const follow = (alias: Alias): unknown => {
    const target = targets.get(alias) ?? anchors.get(alias.source);
    if (!whole) return null;
    if (target === undefined) return lose(alias, `nothing above is marked \`&${alias.source}\``);
    if (open.has(target)) return lose(alias, `\`*${alias.source}\` stands within what it repeats`);
    if (repeated > MOST_REPEATED_NODES) return lose(alias, "aliases (`*name`) repeat too much");
    targets.set(alias, target);
    repeating += 1;
    const value = convert(target);
    repeating -= 1;
    return value;
  };

  const lose = (alias: Alias, message: string): null => {
    whole = false;
    mistakes.push({ offset: startOf(alias), message });
    return null;
  };

  const convertMap = (map: YAMLMap<Node, Node | null>): Record<string, unknown> => {
    const result: Record<string, unknown> = {};
    for (const { key, value } of map.items) {
      const name = keyOf(key);
      if (name === null) continue;
      if (name === "__proto__") mistakes.push({ offset: startOf(key), message: "`__proto__` cannot be a name" });
      else if (!Object.hasOwn(result, name)) result[name] = convert(value);
      else if (repeating === 0) mistakes.push({ offset: startOf(key), ...twice(name) });
    }
    return result;
  };

  return { data: convert(root), mistakes, targets, whole };
}

/** The name that a key stands for; null for a key that is no plain text. */
export function keyOf(key: unknown): string | null {
  return isScalar(key) && typeof key.value === "string" ? key.value : null;
}

function twice(name: string): Omit<Mistake, "offset"> {
  return { message: `\`${name}\` stands twice in this map`, hint: "remove one of them, or rename it" };
}

function scalarValue(value: unknown): unknown {
  return typeof value === "bigint" ? Number(value) : value;
}

function startOf(node: Node): number {
  return node.range?.[0] ?? 0;
}
