import { isMap as isYamlMap, isScalar, parseDocument, visit } from "yaml";
import { loadsOf, withLoads } from "./loads.js";
import type { LoadPlan, Scenario } from "./types.js";

/** Values of header fields that let somebody in: results and reports are passed on, and hold none of them. */

const SECRET = /^(?:proxy-)?authorization$|^cookie$|token|secret|passw|api-?key|credential|session/iu;
/** What stands in the place of such a value. */
const HIDDEN = "(not shown)";
/** A shorter one is looked for in no text: it may stand there for something else. */
const SHORTEST = 4;

/** The scenario as a result keeps it. */
export function withoutSecrets(scenario: Scenario): Scenario {
  const secrets = scenario.variants.flatMap((variant) => [variant.load, ...loadsOf(variant)].flatMap(secretsOf));
  if (secrets.length === 0) return scenario;
  const { file } = scenario;
  return {
    ...scenario,
    variants: scenario.variants.map((variant) => withLoads(variant, withHidden)),
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

function withHidden(load: LoadPlan): LoadPlan {
  if (load.request === undefined) return load;
  const headers = Object.entries(load.request.headers).map(([name, value]) => [
    name,
    SECRET.test(name) ? HIDDEN : value,
  ]);
  return { ...load, request: { ...load.request, headers: Object.fromEntries(headers) as Record<string, string> } };
}

/** Where YAML writes a value otherwise than it is, and where it is too short to be looked for. */
function hiddenInFile(text: string): string {
  const document = parseDocument(text);
  let found = false;
  visit(document, {
    Pair(_, { key, value }) {
      if (!isScalar(key) || key.value !== "headers" || !isYamlMap(value)) return;
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
