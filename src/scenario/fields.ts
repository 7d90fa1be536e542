import { readFileSync } from "node:fs";
import { ownFile } from "../places.js";
import type { Path } from "./source/problem.js";

/**
 * Which fields there are, by the schema that is published, which a test holds against what is accepted: to make it anew takes
 * longer than to read a scenario.
 */

interface Node {
  properties?: Record<string, Node>;
  additionalProperties?: Node | boolean;
  propertyNames?: unknown;
  items?: Node;
  anyOf?: Node[];
  oneOf?: Node[];
  allOf?: Node[];
  const?: unknown;
  /** To what stands in several places, or holds itself: `#/definitions/…`. */
  $ref?: string;
  definitions?: Record<string, Node>;
}

let cached: Node | undefined;
const root = (): Node =>
  (cached ??= JSON.parse(readFileSync(ownFile("scenarios/scenario.schema.json"), "utf8")) as Node);

/** The names allowed in the map at `path`; with `kind` only those of a server, or of a step, of that kind. */
export function fieldsAt(path: Path, kind?: string): string[] {
  let nodes = [root()];
  for (const step of path) nodes = nodes.flatMap((node) => children(node, step));
  const maps = nodes.flatMap(branches).filter(({ properties }) => kind === undefined || kindOf(properties) === kind);
  return [...new Set(maps.flatMap((node) => Object.keys(node.properties ?? {})))];
}

function kindOf(properties: Node["properties"]): unknown {
  const field = properties?.["kind"] ?? properties?.["do"];
  return field === undefined ? undefined : resolved(field).const;
}

/** Each field that holds a single value, dotted: `load.duration`. Lists, variants and maps with free names are left out. */
export function singleFields(node = root(), prefix = ""): string[] {
  const all = branches(node).flatMap((branch) =>
    Object.entries(branch.properties ?? {}).flatMap(([name, child]) => {
      const below = singleFields(child, `${prefix}${name}.`);
      return holdsSingle(child) ? [prefix + name].concat(below) : below;
    }),
  );
  return [...new Set(all)];
}

/** Whether there is a field at a path, and whether it holds a single value. Maps with free names take any name. */
export function fieldKindAt(path: Path): "none" | "single" | "several" {
  let nodes = [root()];
  for (const step of path) nodes = nodes.flatMap((node) => children(node, step));
  if (nodes.length === 0) return "none";
  return nodes.some((node) => holdsSingle(node) && !holdsMap(node)) ? "single" : "several";
}

function children(node: Node, step: string | number): Node[] {
  return branches(node).flatMap((branch) => {
    if (typeof step === "number") return branch.items === undefined ? [] : [branch.items];
    const free = typeof branch.additionalProperties === "object" ? branch.additionalProperties : undefined;
    const child =
      branch.properties !== undefined && Object.hasOwn(branch.properties, step) ? branch.properties[step] : free;
    return child === undefined ? [] : [child];
  });
}

function branches(referring: Node): Node[] {
  const node = resolved(referring);
  return [node, ...choices(node).flatMap(branches)];
}

function resolved(node: Node): Node {
  return root().definitions?.[node.$ref?.split("/").at(-1) ?? ""] ?? node;
}

function choices({ anyOf = [], oneOf = [], allOf = [] }: Node): Node[] {
  return [...anyOf, ...oneOf, ...allOf];
}

function holdsMap(node: Node): boolean {
  return branches(node).some(
    ({ properties, additionalProperties }) => properties !== undefined || typeof additionalProperties === "object",
  );
}

function holdsSingle(referring: Node): boolean {
  const node = resolved(referring);
  if (choices(node).length > 0) return choices(node).some(holdsSingle);
  return node.properties === undefined && node.items === undefined && typeof node.additionalProperties !== "object";
}
