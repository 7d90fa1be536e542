import { METRICS, type Metrics } from "./table.js";
import { COMPUTED } from "./computed.js";
import type { Leaf, Node } from "./types.js";

/** A figure of the table by its place: `latencyUs.p99`, `errors.{kind}`. */
export interface MetricPlace {
  path: string;
  leaf: Leaf;
  /** What stands in braces; empty outside of families. */
  names: Readonly<Record<string, string>>;
}

type Family = Extract<Node, { kind: "family" }>;

const FAMILIES: readonly Family[] = familiesIn({ kind: "group", fields: METRICS });

/** Every place, those of families with braces. */
export const PLACES: readonly MetricPlace[] = placesIn({ kind: "group", fields: METRICS }, "", null);

/** Names of figures that a result holds, but those of families. */
export const METRIC_NAMES: readonly string[] = PLACES.map(({ path }) => path).filter((path) => !path.includes("{"));

/** The same, and those of families that are known beforehand: what somebody may have meant. */
export const KNOWN_NAMES: readonly string[] = PLACES.flatMap(({ path }) => closedNames(path)).filter(
  (path) => !path.includes("{"),
);

/** Names of figures that follow from them. */
export const COMPUTED_NAMES: readonly string[] = Object.keys(COMPUTED);

const judged = ({ compared }: Leaf): boolean => compared !== undefined && compared.better !== "neither";

/** What a comparison judges by itself, families on top: only that can be `not worse`. */
export const JUDGED_NAMES: readonly string[] = [
  ...COMPUTED_NAMES.filter((path) => judged(COMPUTED[path]!)),
  ...PLACES.filter(({ path, leaf }) => judged(leaf) && !path.includes("{")).map(({ path }) => path),
];

/** Not a number but a name: who ended most of the connections. */
export const NAME_METRIC = "closedFirst";
export const CLOSERS = ["client", "server", "reset"] as const;

/** Made once: a scenario asks for each name that it uses. */
const IN_FAMILIES = PLACES.filter(({ path }) => path.includes("{")).map((place) => ({
  place,
  pattern: new RegExp(`^${patternOf(place.path)}$`, "u"),
}));

/** Whether a result may hold a number of this name. */
export function isNumericMetric(path: string): boolean {
  return METRIC_NAMES.includes(path) || familyOf(path) !== undefined;
}

export function isJudgedMetric(path: string): boolean {
  const ofFamily = familyOf(path);
  return JUDGED_NAMES.includes(path) || (ofFamily !== undefined && judged(ofFamily.leaf));
}

function familyOf(path: string): MetricPlace | undefined {
  return IN_FAMILIES.find(({ pattern }) => pattern.test(path))?.place;
}

function patternOf(path: string): string {
  return path
    .split(".")
    .map((name) => FAMILIES.find(({ each }) => name === `{${each}}`)?.pattern ?? name)
    .map((pattern) => `(?:${pattern})`)
    .join("\\.");
}

/** `closeCauses.{cause}` by all of its names; another path is itself. */
function closedNames(path: string): string[] {
  const found = FAMILIES.find(({ each, closed }) => closed !== undefined && path.includes(`{${each}}`));
  return found === undefined ? [path] : found.closed!.map((name) => path.replace(`{${found.each}}`, name));
}

function familiesIn(node: Node): Family[] {
  switch (node.kind) {
    case "number":
    case "flag":
      return [];
    case "or-null":
      return familiesIn(node.inner);
    case "group":
      return Object.values(node.fields).flatMap((inner) => familiesIn(inner));
    case "family":
      return [node, ...familiesIn(node.inner)];
  }
}

/** Every figure that one of these results may hold: families by the names that came up in any of them. */
export function placesOf(all: readonly Metrics[]): MetricPlace[] {
  return placesIn({ kind: "group", fields: METRICS }, "", all);
}

function placesIn(
  node: Node,
  path: string,
  values: readonly unknown[] | null,
  names: MetricPlace["names"] = {},
): MetricPlace[] {
  const below = (name: string): string => (path === "" ? name : `${path}.${name}`);
  const inside = (name: string): unknown[] | null => values?.map((value) => own(value, name)) ?? null;
  switch (node.kind) {
    case "number":
      return [{ path, leaf: node, names }];
    case "flag":
      return [];
    case "or-null":
      return placesIn(node.inner, path, values, names);
    case "group":
      return Object.entries(node.fields).flatMap(([name, inner]) => placesIn(inner, below(name), inside(name), names));
    case "family": {
      const { each, inner } = node;
      const found = values?.flatMap((value) => Object.keys(value ?? {}));
      const known = found === undefined ? [`{${each}}`] : [...new Set(found)].toSorted();
      return known.flatMap((name) => placesIn(inner, below(name), inside(name), { ...names, [each]: name }));
    }
  }
}

/** A figure by its name; null where it was not measured. What never came up in a family was seen zero times. */
export function metricAt(metrics: Metrics, path: string): number | null {
  if (Object.hasOwn(COMPUTED, path)) return COMPUTED[path]!.of(metrics);
  return valueAt({ kind: "group", fields: METRICS }, metrics, path);
}

function valueAt(node: Node, value: unknown, path: string): number | null {
  if (value === undefined || value === null) return null;
  switch (node.kind) {
    case "flag":
      return null;
    case "number":
      return path === "" && typeof value === "number" ? value : null;
    case "or-null":
      return valueAt(node.inner, value, path);
    case "group": {
      const [name, rest] = split(path, Object.keys(node.fields));
      return name === null ? null : valueAt(node.fields[name]!, own(value, name), rest);
    }
    case "family": {
      // Names of hosts may hold dots, as addresses do.
      const [name, rest] = split(path, Object.keys(value));
      if (name !== null) return valueAt(node.inner, own(value, name), rest);
      const ofClass = Object.entries(value).filter(([one]) => node.classOf?.(one) === path);
      return ofClass.reduce((sum, [, one]) => sum + (valueAt(node.inner, one, "") ?? 0), 0);
    }
  }
}

function split(path: string, names: readonly string[]): [name: string | null, rest: string] {
  const name = names.find((one) => path === one || path.startsWith(`${one}.`));
  return name === undefined ? [null, path] : [name, path.slice(name.length + 1)];
}

function own(object: unknown, name: string): unknown {
  if (typeof object !== "object" || object === null || !Object.hasOwn(object, name)) return undefined;
  return (object as Record<string, unknown>)[name];
}

/** Says null of what a result of an earlier version does not have; in place. */
export function fillIn(metrics: unknown): void {
  fill({ kind: "group", fields: METRICS }, metrics);
}

function fill(node: Node, value: unknown): void {
  if (typeof value !== "object" || value === null) return;
  const inside = value as Record<string, unknown>;
  switch (node.kind) {
    case "number":
    case "flag":
      return;
    case "or-null":
      return fill(node.inner, value);
    case "family":
      for (const one of Object.values(inside)) fill(node.inner, one);
      return;
    case "group":
      for (const [name, inner] of Object.entries(node.fields)) {
        if (inner.kind === "or-null") inside[name] ??= null;
        fill(inner, inside[name]);
      }
  }
}
