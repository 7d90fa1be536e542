import { isMap as isYamlMap, isScalar, parseDocument, visit } from "yaml";
import { loadsOf } from "./loads.js";
import type { LoadPlan, Scenario } from "./types.js";

/**
 * Values of header fields and environment variables that let somebody in: results and reports are passed on, and hold none
 * of them.
 */

const SECRET = /^(?:proxy-)?authorization$|^cookie$|token|secret|passw|api[-_]?key|credential|session/iu;
/** Fields whose values have names of the user's own. */
const NAMED = ["headers", "env"];
/** What stands in the place of such a value. */
const HIDDEN = "(not shown)";
/** A shorter one is looked for in no text: it may stand there for something else. */
const SHORTEST = 4;

/** The scenario as a result keeps it. */
export function withoutSecrets(scenario: Scenario): Scenario {
  const secrets = scenario.variants.flatMap((variant) => [variant.load, ...loadsOf(variant)].flatMap(secretsOf));
  const variants = withHidden(scenario.variants);
  if (variants === scenario.variants) return scenario;
  const { file } = scenario;
  return {
    ...scenario,
    variants,
    ...(file === undefined ? {} : { file: hiddenInFile(hiddenIn(file, secrets)) }),
  };
}

/** The text without these values. */
export function hiddenIn(text: string, secrets: readonly string[]): string {
  return secrets
    .filter(({ length }) => length >= SHORTEST)
    .toSorted((a, b) => b.length - a.length)
    .reduce((rest, secret) => rest.replaceAll(secret, HIDDEN), text);
}

/** The values, and of `Bearer abc` what stands behind the scheme as well. */
export function secretsOf({ request }: Pick<LoadPlan, "request">): string[] {
  const values = Object.entries(request?.headers ?? {}).flatMap(([name, value]) => (SECRET.test(name) ? [value] : []));
  return values.concat(values.flatMap((value) => /^\S+ (\S+)$/u.exec(value)?.[1] ?? []));
}

/** The value itself where nothing in it is secret; else one in which that is hidden, wherever it stands. */
function withHidden<Of>(value: Of, isNamed = false): Of {
  if (typeof value !== "object" || value === null) return value;
  let changed = false;
  const fields = Object.entries(value).map(([name, field]: [string, unknown]) => {
    const shown = isNamed && SECRET.test(name) ? HIDDEN : withHidden(field, NAMED.includes(name));
    changed ||= shown !== field;
    return [name, shown] as const;
  });
  if (!changed) return value;
  return (Array.isArray(value) ? fields.map(([, field]) => field) : Object.fromEntries(fields)) as Of;
}

/** Where YAML writes a value otherwise than it is, and where it is too short to be looked for. */
function hiddenInFile(text: string): string {
  const document = parseDocument(text);
  let found = false;
  visit(document, {
    Pair(_, { key, value }) {
      if (!isScalar(key) || !NAMED.includes(String(key.value)) || !isYamlMap(value)) return;
      for (const field of value.items) {
        const shown: unknown = isScalar(field.value) ? field.value.value : undefined;
        if (!isScalar(field.key) || !SECRET.test(String(field.key.value)) || shown === HIDDEN || shown === null)
          continue;
        field.value = document.createNode(HIDDEN);
        found = true;
      }
    },
  });
  return found ? document.toString() : text;
}
