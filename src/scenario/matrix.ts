import { setAt } from "./overrides.js";
import { type FieldMap, isMap } from "./parts/maps.js";
import { matrixKey } from "./parts/rules.js";
import { ROLES } from "./types.js";

/** More labs than anybody will wait for: then it is a slip. */
export const MOST_VARIANTS = 64;

/**
 * Every combination of a matrix as a variant of its own; with variants in the file, each of them in every combination.
 * What is no matrix is left for the schema to say. @returns the data with all variants, and what is wrong
 */
export function expandMatrix(data: FieldMap): { data: FieldMap; fault: string | null } {
  const matrix = data["matrix"];
  if (!isMap(matrix)) return { data, fault: null };
  const axes = Object.entries(matrix).filter(
    (axis): axis is [string, unknown[]] => Array.isArray(axis[1]) && matrixKey().safeParse(axis[0]).success,
  );
  const own = isMap(data["variants"]) ? Object.entries(data["variants"]) : [["", {}] as [string, unknown]];
  const count = axes.reduce((product, [, values]) => product * values.length, own.length);
  if (axes.length === 0 || count === 0) return { data, fault: null };
  if (count > MOST_VARIANTS) return { data, fault: `\`matrix\` makes ${count} variants, more than ${MOST_VARIANTS}` };
  const variants: FieldMap = {};
  for (const [name, variant] of own) {
    for (const combination of combinations(axes)) {
      const fields = structuredClone(isMap(variant) ? variant : {});
      for (const [key, value] of combination) for (const path of pathsOf(key)) setAt(fields, path, value);
      const label = combination.map(([key, value]) => `${key.split(".").at(-1)}-${word(value)}`);
      const full = [...(name === "" ? [] : [name]), ...label].join("--");
      if (Object.hasOwn(variants, full))
        return { data, fault: `two combinations of \`matrix\` would be called ${full}` };
      variants[full] = fields;
    }
  }
  return { data: { ...data, variants }, fault: null };
}

/** The first axis changes slowest, as people write tables. */
function combinations(axes: readonly [string, unknown[]][]): [string, unknown][][] {
  return axes.reduce<[string, unknown][][]>(
    (all, [key, values]) =>
      all.flatMap((before) => values.map((value) => [...before, [key, value] as [string, unknown]])),
    [[]],
  );
}

/** `tcp_tw_reuse`: on both hosts. `client.tcp_tw_reuse`: on one. Else the field itself. */
function pathsOf(key: string): string[][] {
  const sysctl = /^(?:([A-Za-z][\w-]*)\.)?((?:tcp|ip)_\w+|somaxconn)$/u.exec(key);
  if (sysctl !== null) {
    const name = sysctl[2] === "somaxconn" ? "net.core.somaxconn" : `net.ipv4.${sysctl[2]}`;
    return (sysctl[1] === undefined ? ROLES : [sysctl[1]]).map((host) => ["lab", "sysctl", host, name]);
  }
  const ofHost = /^lab\.sysctl\.([\w-]+)\.(.+)$/u.exec(key);
  return ofHost === null ? [key.split(".")] : [["lab", "sysctl", ofHost[1]!, ofHost[2]!]];
}

/** As a part of a variant's name. */
function word(value: unknown): string {
  return String(value).replaceAll(/[^A-Za-z0-9]+/gu, "-");
}
