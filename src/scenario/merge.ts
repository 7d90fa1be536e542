import { DEFAULTS } from "./parts/defaults.js";
import { fitting } from "./phases/kinds.js";
import { type FieldMap, isMap, mergeMaps } from "./parts/maps.js";
import type { ScenarioFile, VariantFile } from "./schema.js";

/** What stands above with what a variant says: still as written, and not yet checked as a whole. */
export interface MergedFile {
  lab: FieldMap;
  server: FieldMap;
  load: FieldMap;
  sample: FieldMap;
  phases: FieldMap;
}

/** Fields of `server` that mean the same for every kind. */
const COMMON_TO_KINDS = ["port", "readyTimeout"];
/** A variant's fields win, map by map. Another `server.kind` brings a server of its own. */
export function mergeVariant(file: ScenarioFile, variant: VariantFile): MergedFile {
  return {
    lab: mergeMaps(file.lab ?? {}, variant?.lab ?? {}),
    server: mergeServer(file.server ?? {}, variant?.server ?? {}),
    load: mergeMaps(file.load ?? {}, variant?.load ?? {}),
    sample: mergeMaps(file.sample ?? {}, variant?.sample ?? {}),
    phases: mergePhases(file.phases ?? {}, variant?.phases ?? {}),
  };
}

/** What is left of a server's fields when its kind changes. */
export function withoutKind(server: FieldMap, newKind: unknown): FieldMap {
  const kept = COMMON_TO_KINDS.filter((name) => name in server && !(name === "port" && newKind === "external"));
  return Object.fromEntries(kept.map((name) => [name, server[name]]));
}

function mergeServer(above: FieldMap, own: FieldMap): FieldMap {
  const kind = own["kind"] ?? above["kind"] ?? DEFAULTS.server.kind;
  const same = kind === (above["kind"] ?? DEFAULTS.server.kind);
  return mergeMaps(same ? above : withoutKind(above, kind), own);
}

/**
 * A variant's step changes the one of its name, field by field. One that does something else takes its place, and keeps
 * the fields that its own kind has too.
 */
function mergePhases(above: FieldMap, own: FieldMap): FieldMap {
  const merged = { ...above };
  for (const [name, step] of Object.entries(own)) merged[name] = mergeStep(above[name], step);
  return merged;
}

function mergeStep(above: unknown, own: unknown): unknown {
  if (!isMap(above) || !isMap(own)) return own;
  const isOther = own["do"] !== undefined && own["do"] !== above["do"];
  const merged = mergeMaps(isOther ? fitting(above, own["do"]) : above, own);
  if (!isMap(above["phases"]) || !isMap(own["phases"])) return merged;
  return { ...merged, phases: mergePhases(above["phases"], own["phases"]) };
}
