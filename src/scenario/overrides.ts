import { isScalar, parseDocument } from "yaml";
import { fieldKindAt, singleFields } from "./fields.js";
import { withoutKind } from "./merge.js";
import { type FieldMap, isMap } from "./parts/maps.js";
import type { OptionFault } from "./source/faults.js";
import { type Path, valueAt } from "./source/problem.js";
import { didYouMean, nearest } from "./source/suggest.js";

/** One field set from outside the file. */
export interface Override {
  /** Dotted: `load.path`, or `variants.close.load.path` for one variant alone. */
  path: string;
  /** A YAML scalar: `5`, `10s`, `null`; what YAML would read otherwise is taken as text. */
  value: string;
  /** As it was written: `--set load.path=/x`, `--duration 5s`. */
  option: string;
}

export interface Overridden {
  data: FieldMap;
  faults: OptionFault[];
  /** The option that set this field; null for none. */
  ownerOf(path: Path): string | null;
  /** The option that set a field beside this one: then it is to blame when this one is missing. */
  ownerBeside(path: Path): string | null;
}

interface Target {
  variant: string | null;
  /** Below the variant, or from the top. */
  steps: string[];
  value: unknown;
  option: string;
}

/** Applies them to a copy. What is said for the whole scenario wins over its variants, what is said for one over that. */
export function applyOverrides(written: FieldMap, overrides: readonly Override[]): Overridden {
  const data = structuredClone(written);
  const variants = isMap(data["variants"]) ? data["variants"] : {};
  const faults: OptionFault[] = [];
  const stepNames = stepsIn([data, ...Object.values(variants)]);
  const targets = overrides.map((override) => findTarget(override, Object.keys(variants), stepNames, faults));
  const known = targets.filter((target) => target !== null).toSorted((a, b) => rank(a) - rank(b));
  for (const { variant, steps, value } of known) {
    if (variant === null) setEverywhere(data, variants, steps, value);
    else if (isKind(steps)) setKind(mapIn(variants, variant), value, data["server"]);
    else setAt(mapIn(variants, variant), steps, value);
  }
  const latest = known.toReversed();
  return {
    data,
    faults,
    // Of what the file has nothing of, the option within it is to blame, too: it made it.
    ownerOf: (path) =>
      latest.find(
        (target) =>
          isWithin(path, placeOf(target)) ||
          (valueAt(written, path) === undefined && isWithin(placeOf(target), path.map(String))),
      )?.option ?? null,
    ownerBeside: (path) =>
      latest.find(
        (target) => path.length > 1 && path.slice(0, -1).join("\0") === placeOf(target).slice(0, -1).join("\0"),
      )?.option ?? null,
  };
}

function findTarget(
  { path, value, option }: Override,
  variants: string[],
  known: string[],
  faults: OptionFault[],
): Target | null {
  const fail = (message: string, hint: string): null => {
    faults.push({ option, message, hint });
    return null;
  };
  if (option.startsWith("--set ") && !option.includes("=")) return fail("the value is missing", "--set load.path=/x");
  const segments = path.split(".");
  const variant = segments[0] === "variants" ? (segments[1] ?? "") : null;
  if (variant !== null && !variants.includes(variant)) {
    return fail(`there is no variant \`${variant}\``, didYouMean(variant, variants));
  }
  const field = variant === null ? path : segments.slice(2).join(".");
  const sysctl = /^lab\.sysctl\.([a-z][a-z0-9-]*)\.(net\..+)$/.exec(field);
  if (sysctl?.[1] && sysctl[2]) {
    return { variant, steps: ["lab", "sysctl", sysctl[1], sysctl[2]], value: scalar(value), option };
  }
  const step = /^phases\.([\w-]+)$/.exec(field)?.[1];
  if (step !== undefined) {
    const whole = stepFrom(value);
    if (whole === undefined) return fail("a step is a map, or null to leave it out", WHOLE_STEP);
    if (whole === null && !known.includes(step)) return fail(`there is no step \`${step}\``, didYouMean(step, known));
    return { variant, steps: ["phases", step], value: whole, option };
  }
  // Steps have free names: whether there is such a field is for the schema to say.
  if (/^phases\.[\w-]+\../.test(field)) return { variant, steps: field.split("."), value: scalar(value), option };
  const fields = singleFields().filter((name) => variant === null || name.includes("."));
  if (!fields.includes(field)) {
    const kind = field.includes(".") ? fieldKindAt(field.split(".")) : "none";
    if (kind === "several") return fail(`\`${path}\` holds several fields`, SINGLE_FIELDS);
    const near = nearest(field, fields);
    if (kind === "none")
      return fail(`there is no field \`${path}\` to set`, near === null ? SINGLE_FIELDS : `did you mean \`${near}\`?`);
  }
  const ready = /^server\.ready\.(\w+)$/.exec(field)?.[1];
  if (ready !== undefined) return { variant, steps: ["server", "ready"], value: { [ready]: scalar(value) }, option };
  return { variant, steps: field.split("."), value: scalar(value), option };
}

const SINGLE_FIELDS = "`--set` takes single fields: load.path, server.port, load.headers.Accept, …";
const WHOLE_STEP = "`--set 'phases.look={do: read, after: fill}'`, `--set phases.look=null`";

/** The names of all steps, those within others too. */
function stepsIn(holders: readonly unknown[]): string[] {
  return holders.flatMap((holder) => {
    const phases = isMap(holder) ? holder["phases"] : undefined;
    return isMap(phases) ? [...Object.keys(phases), ...stepsIn(Object.values(phases))] : [];
  });
}

/** undefined: it is none. */
function stepFrom(text: string): FieldMap | null | undefined {
  const document = parseDocument(text, { prettyErrors: false, logLevel: "silent" });
  if (document.errors.length + document.warnings.length > 0) return undefined;
  const step: unknown = document.toJS();
  return isMap(step) || (step === null && text.trim() !== "") ? step : undefined;
}

/** A kind comes before what may be said about a server of that kind. */
function rank({ variant, steps }: Target): number {
  return (variant === null ? 0 : 2) + (isKind(steps) ? 0 : 1);
}

function setEverywhere(data: FieldMap, variants: FieldMap, steps: string[], value: unknown): void {
  const above = data["server"];
  for (const variant of Object.values(variants).filter(isMap)) {
    if (isKind(steps) && isMap(variant["server"])) {
      setKind(variant, value, above);
      delete variant["server"]["kind"];
    }
    removeAt(variant, steps);
  }
  if (isKind(steps)) setKind(data, value, above);
  else setAt(data, steps, value);
}

/** Another kind brings a server of its own; the same kind leaves it as it is. */
function setKind(holder: FieldMap, kind: unknown, above: unknown): void {
  const server = isMap(holder["server"]) ? holder["server"] : {};
  const before = server["kind"] ?? (isMap(above) ? above["kind"] : undefined) ?? "node";
  holder["server"] = { ...(before === kind ? server : withoutKind(server, kind)), kind };
}

export function setAt(map: FieldMap, steps: readonly string[], value: unknown): void {
  const [first, ...rest] = steps;
  if (first === undefined) return;
  if (rest.length === 0) map[first] = value;
  else setAt(mapIn(map, first), rest, value);
}

function removeAt(map: FieldMap, steps: readonly string[]): void {
  const [first, ...rest] = steps;
  if (first === undefined) return;
  const below = map[first];
  if (rest.length === 0) delete map[first];
  else if (isMap(below)) removeAt(below, rest);
}

/** The map under this name; made where there is none. */
function mapIn(map: FieldMap, name: string): FieldMap {
  const below = map[name];
  if (isMap(below)) return below;
  const made: FieldMap = {};
  map[name] = made;
  return made;
}

function isKind(steps: readonly string[]): boolean {
  return steps.join(".") === "server.kind";
}

function placeOf({ variant, steps }: Target): string[] {
  return variant === null ? steps : ["variants", variant, ...steps];
}

function isWithin(path: Path, place: readonly string[]): boolean {
  return place.every((step, index) => path[index] === step);
}

/** Numbers, true, false, null and quoted text as YAML reads them; all else is taken literally. */
function scalar(text: string): unknown {
  const { contents, errors, warnings } = parseDocument(text, { prettyErrors: false, logLevel: "silent" });
  if (errors.length + warnings.length > 0) return text;
  if (contents === null) return text.trim() === "" ? null : text;
  if (!isScalar(contents)) return text;
  const plain = contents.type === "PLAIN";
  return plain && typeof contents.value === "string" ? text : contents.value;
}
