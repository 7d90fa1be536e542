import { z } from "zod/mini";
import { descriptionOf } from "../parts/rules.js";
import { HELD_KINDS } from "./held-kinds.js";
import { HOST_KINDS } from "./host-kinds.js";
import { type AnyKind, BLOCK_KINDS, PLACING } from "./kinds.js";
import { LOAD_KIND } from "./load-kind.js";
import { OPENING_KINDS } from "./opening-kinds.js";
import { SEGMENT_KINDS } from "./segment-kinds.js";

/** The steps for people: Markdown out of the same definitions as the schema, so that neither says more than the other. */

const GROUPS: readonly (readonly [title: string, kinds: Readonly<Record<string, unknown>>])[] = [
  ["Loads", LOAD_KIND],
  ["Hosts", HOST_KINDS],
  ["Steps within steps", BLOCK_KINDS],
  ["Sockets that are opened", OPENING_KINDS],
  ["Sockets that there are", HELD_KINDS],
  ["Segments", SEGMENT_KINDS],
];

/** Each kind with its fields, their defaults, and the figures that `expect` may name. */
export function stepsManual(): string {
  const placing = ["Each step has", "", ...fieldLines(PLACING)];
  return [...placing, ...GROUPS.flatMap(([title, kinds]) => group(title, Object.entries(kinds) as [string, AnyKind][]))]
    .join("\n")
    .concat("\n");
}

function group(title: string, kinds: readonly [string, AnyKind][]): string[] {
  const [first] = kinds;
  const isShared = ([name, schema]: [string, unknown]): boolean =>
    kinds.length > 1 && kinds.every(([, kind]) => kind.fields[name] === schema);
  const fields = Object.entries(first![1].fields).filter(isShared);
  const figures = Object.entries(first![1].figures).filter(
    ([name, help]) => kinds.length > 1 && kinds.every(([, kind]) => kind.figures[name] === help),
  );
  const shared = { fields: Object.fromEntries(fields), figures: Object.fromEntries(figures) };
  const common = [...fieldLines(shared.fields), ...figureLines(shared.figures)];
  return [
    "",
    `### ${title}`,
    ...(common.length === 0 ? [] : ["", "All of them have", "", ...common]),
    ...kinds.flatMap(([name, kind]) => ["", `**\`${name}\`** ${kind.does}`, ...rest(kind, shared)]),
  ];
}

function rest(kind: AnyKind, shared: Pick<AnyKind, "fields" | "figures">): string[] {
  const without = <T>(all: Readonly<Record<string, T>>, known: object): Record<string, T> =>
    Object.fromEntries(Object.entries(all).filter(([name]) => !Object.hasOwn(known, name)));
  const lines = [
    ...fieldLines(without(kind.fields, shared.fields)),
    ...figureLines(without(kind.figures, shared.figures)),
    ...(kind.free === undefined ? [] : [`- figure: ${kind.free.help}`]),
  ];
  return lines.length === 0 ? [] : ["", ...lines];
}

function fieldLines(fields: z.core.$ZodLooseShape): string[] {
  return Object.entries(fields).map(([name, field]) => {
    const schema = field as z.ZodMiniType;
    const isDefaulted = schema instanceof z.ZodMiniDefault;
    const fallback = isDefaulted ? ` (\`${String(schema.def.defaultValue)}\`)` : "";
    const must = isDefaulted || schema instanceof z.ZodMiniOptional ? "" : " (needed)";
    return `- \`${name}\`${fallback}${must}: ${helpOf(schema)}`;
  });
}

function helpOf(schema: z.ZodMiniType): string {
  return (
    descriptionOf(schema) ?? (schema instanceof z.ZodMiniDefault ? helpOf(schema.def.innerType as z.ZodMiniType) : "")
  );
}

/** Figures that mean the same stand in one line. */
function figureLines(figures: Readonly<Record<string, string>>): string[] {
  const byHelp = new Map<string, string[]>();
  for (const [name, help] of Object.entries(figures)) byHelp.set(help, [...(byHelp.get(help) ?? []), `\`${name}\``]);
  return [...byHelp].map(([help, names]) => `- figure${names.length > 1 ? "s" : ""} ${names.join(", ")}: ${help}`);
}
