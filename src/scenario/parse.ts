import { resolve } from "node:path";
import { check } from "./check.js";
import { claimOf } from "./claim/parse.js";
import { variantIn } from "./loads.js";
import { variantsIn } from "./expect/expectation.js";
import { expandMatrix, MOST_VARIANTS } from "./matrix.js";
import { applyOverrides, type Override } from "./overrides.js";
import type { CwdOf } from "./parts/command-line.js";
import { AUTO_CLIENT, DEFAULTS } from "./parts/defaults.js";
import { type FieldMap, isMap } from "./parts/maps.js";
import { place } from "./place.js";
import { VariantName } from "./schema.js";
import { positionsIn } from "./source/caret.js";
import { type Fault, type FileFault, type Mistake, type OptionFault, ScenarioError } from "./source/faults.js";
import { locator, type Spot } from "./source/locate.js";
import { toPlain } from "./source/plain.js";
import { didYouMean } from "./source/suggest.js";
import { readYaml, type YamlText } from "./source/yaml.js";
import type { ClientKind, Scenario } from "./types.js";

export interface ParseOptions {
  /** The scenario's name. */
  name: string;
  /** The file as it is called in messages. */
  file: string;
  /** The folder that its paths are relative to: its own. */
  folder?: string;
  /** The one that paths of overrides are relative to: the user's. */
  cwd?: string;
  overrides?: readonly Override[];
  /** Keeps these variants alone; null: all. Expectations that speak of others are dropped. */
  only?: readonly string[] | null;
  /** What `client: auto` stands for on this machine. */
  autoClient?: ClientKind;
}

/** The text of a scenario's file → the scenario as meant. Throws a ScenarioError with everything that is wrong. */
export function parseScenario(text: string, options: ParseOptions): Scenario {
  return parseFile(text, options).scenario;
}

/** Besides the fields of a file that says the same by itself, without overrides. */
export function parseFile(text: string, options: ParseOptions): { scenario: Scenario; fields: FieldMap } {
  const { name, file, overrides = [], only = null, autoClient = AUTO_CLIENT } = options;
  const { folder = "/", cwd: userFolder = folder } = options;
  const positions = positionsIn(text);
  const inFile = ({ offset, ...said }: Mistake): FileFault => ({ file, ...positions(offset), ...said });

  const yaml = readYaml(text);
  const plain = toPlain(yaml.root);
  const mistakes = [...yaml.mistakes, ...plain.mistakes];
  if (!isMap(plain.data) || !plain.whole) {
    throw new ScenarioError(name, (mistakes.length > 0 ? mistakes : [noScenario(plain.data)]).map(inFile));
  }

  const locate = locator(yaml.root, plain.targets);
  const { variants: written } = plain.data;
  if (isMap(written) && Object.keys(written).length > MOST_VARIANTS) {
    const message = `\`variants\` holds ${Object.keys(written).length} variants, more than ${MOST_VARIANTS}`;
    throw new ScenarioError(name, [inFile({ offset: locate(["variants"]).key?.from ?? 0, message })]);
  }
  const expanded = expandMatrix(plain.data);
  const overridden = applyOverrides(withVariant(expanded.data, name), overrides);
  const variants = variantNames(overridden.data, yaml, locate(["variants"]));
  const cwdOf: CwdOf = (path, cwd, named = cwd === undefined ? "command" : "cwd") => {
    const field = [...path, named];
    const option = overridden.ownerOf(field) ?? overridden.ownerOf(field.slice(2));
    return resolve(option === null ? folder : userFolder, cwd ?? ".");
  };
  const checked = check(overridden.data, variants, { only, autoClient, cwdOf });
  const faults = [
    ...mistakes.map(inFile),
    ...(expanded.fault === null
      ? []
      : [inFile({ offset: locate(["matrix"]).key?.from ?? 0, message: expanded.fault })]),
    ...overridden.faults,
    ...unknownVariants(only, variants),
    ...checked.problems
      .map((problem) => place(problem, { text, yaml, overridden, locate }))
      .filter((found) => found !== null)
      .map((found): Fault => ("option" in found ? found : inFile(found))),
  ];
  if (faults.length > 0 || checked.file === null) throw new ScenarioError(name, faults);

  const {
    title = titleOf(name),
    explanation = DEFAULTS.explanation,
    claim,
    parallel = DEFAULTS.parallel,
    needs = [],
  } = checked.file;
  const kept = checked.variants.map((variant) => variant.name);
  const expect = checked.expect.filter((one) => variantsIn(one).every((variant) => kept.includes(variant)));
  const gates = checked.gates.filter(({ variant }) => variant === null || kept.includes(variantIn(variant)));
  const scenario: Scenario = {
    name,
    title,
    explanation: explanation.trim(),
    variants: checked.variants,
    expect,
    gates,
    // A verdict is over all variants.
    claim: claim === undefined || only !== null ? null : claimOf(claim, name, { variants, isFigure: checked.isFigure }),
    parallel,
    needs,
  };
  return { scenario, fields: fieldsAsMeant(overridden.data, scenario) };
}

function noScenario(data: unknown): Mistake {
  const hint = "a scenario is a map of fields: `server`, `load`, …";
  if (data === null || data === undefined) return { offset: 0, message: "the file is empty", hint };
  return { offset: 0, message: `the file holds ${Array.isArray(data) ? "a list" : "a single value"}`, hint };
}

/** As written, with overrides; of what is left out nothing is said. */
function fieldsAsMeant({ matrix: _expanded, claim, ...data }: FieldMap, scenario: Scenario): FieldMap {
  const written = isMap(data["variants"]) ? data["variants"] : {};
  const texts = (list: readonly { text: string }[]): string[] => list.map(({ text }) => text);
  return {
    ...data,
    variants: Object.fromEntries(scenario.variants.map(({ name }) => [name, written[name] ?? null])),
    ...(data["expect"] === undefined ? {} : { expect: texts(scenario.expect) }),
    ...(data["gates"] === undefined ? {} : { gates: texts(scenario.gates) }),
    ...(scenario.claim === null ? {} : { claim }),
  };
}

/** A scenario that names no variant has one, called as its file. */
function withVariant(data: FieldMap, name: string): FieldMap {
  if (Object.hasOwn(data, "variants")) return data;
  const word = lastOf(name).replaceAll(/[^A-Za-z0-9_-]+/gu, "-");
  return { ...data, variants: { [VariantName.safeParse(word).success ? word : "load"]: {} } };
}

/** `my-service` → `My service`. */
function titleOf(name: string): string {
  const words = lastOf(name).replaceAll(/[-_]+/gu, " ").trim();
  return words === "" ? name : words.charAt(0).toUpperCase() + words.slice(1);
}

function lastOf(name: string): string {
  return name.split("/").at(-1)!;
}

/** null when the file does not name any, or does it where its syntax is broken. */
function variantNames({ variants }: FieldMap, yaml: YamlText, { key }: Spot): string[] | null {
  const names = isMap(variants) ? Object.keys(variants) : [];
  return names.length > 0 && yaml.trustsField(key?.from) ? names : null;
}

function unknownVariants(only: readonly string[] | null, variants: readonly string[] | null): OptionFault[] {
  const unknown = variants === null ? [] : (only ?? []).filter((name) => !variants.includes(name));
  return unknown.map((name) => ({
    option: `--only ${(only ?? []).join(",")}`,
    message: `there is no variant \`${name}\``,
    hint: didYouMean(name, variants ?? []),
  }));
}
