import { z } from "zod/mini";
import { type Path, type Problem, valueAt } from "../source/problem.js";
import { didYouMean, listing, nearest } from "../source/suggest.js";

// zod/mini has no words of its own, where a schema has none: "expected number".
z.config(z.locales.en());

const SERVER_KINDS = ["node", "epoll", "go", "misbehaving", "none", "command", "external"];

type Issue = z.core.$ZodIssue;

/** The names that are allowed in the map at a path; with `kind` only those of a server, or of a step, of that kind. */
export type FieldsAt = (path: Path, kind?: string) => readonly string[];

/** What the schema says about `data`, in our words; `base` is the place that was held against the schema. */
export function schemaProblems(
  issues: readonly Issue[],
  data: unknown,
  fieldsAt: FieldsAt,
  base: Path = [],
): Problem[] {
  return issues.flatMap((issue) => {
    const path = [...base, ...issue.path.filter((step) => typeof step !== "symbol")];
    if (issue.code === "unrecognized_keys") return issue.keys.map((key) => unknownField(path, key, data, fieldsAt));
    const value = valueAt(data, path);
    if (value === undefined && path.length > 0) return [{ paths: [path], at: "key", ...missing(path) }];
    if (issue.code === "invalid_key")
      return [{ paths: [path], at: "key", message: `\`${last(path)}\` ${keyRule(issue)}` }];
    const not = issue.code === "custom" && typeof value === "object" ? "" : `, not ${shown(value)}`;
    const message = `\`${label(path)}\` ${ruleOf(issue)}${not}`;
    return [{ paths: [path], at: "value", message, ...choiceHint(issue, value) }];
  });
}

function unknownField(path: Path, key: string, data: unknown, fieldsAt: FieldsAt): Problem {
  const paths = [[...path, key]] as [Path];
  const known = fieldsAt(path);
  if (last(path) === "server" && known.includes(key)) {
    const kind = valueAt(data, [...path, "kind"]) ?? "node";
    const takers = SERVER_KINDS.filter((taker) => fieldsAt(path, taker).includes(key));
    const hint = `servers of kind ${takers.join(", ")} take it`;
    return { paths, at: "key", message: `a server of kind ${shown(kind)} takes no \`${key}\``, hint };
  }
  const step = valueAt(data, [...path, "do"]);
  if (typeof step === "string") {
    const message = `a step that does \`${cut(step)}\` has no field \`${cut(key)}\``;
    return { paths, at: "key", message, hint: didYouMean(key, fieldsAt(path, step)) };
  }
  const where = path.length === 0 ? "a scenario" : `\`${label(path)}\``;
  return { paths, at: "key", message: `${where} has no field \`${cut(key)}\``, hint: didYouMean(key, known) };
}

function missing(path: Path): { message: string } {
  return { message: `\`${last(path)}\` is missing in \`${label(path.slice(0, -1))}\`` };
}

function ruleOf(issue: Issue): string {
  if (issue.code === "invalid_value") return `must be ${listing(issue.values.map(String), "or")}`;
  if (issue.code === "invalid_union" && issue.discriminator !== undefined) {
    return `must be ${listing(discriminators(issue), "or")}`;
  }
  if (issue.code !== "invalid_type" || issue.message.startsWith("must")) return issue.message;
  if (issue.expected === "array") return "must be a list";
  return issue.expected === "object" || issue.expected === "record" ? "must be a map of fields" : issue.message;
}

function choiceHint(issue: Issue, value: unknown): { hint?: string } {
  const choices =
    issue.code === "invalid_value"
      ? issue.values.map(String)
      : issue.code === "invalid_union"
        ? discriminators(issue)
        : [];
  const near = typeof value === "string" ? nearest(value, choices) : null;
  return near === null ? {} : { hint: `did you mean \`${near}\`?` };
}

function discriminators(issue: Issue): string[] {
  const options = issue.code === "invalid_union" && "options" in issue ? (issue.options ?? []) : [];
  return options.filter((option) => typeof option === "string");
}

function keyRule(issue: z.core.$ZodIssueInvalidKey): string {
  return issue.issues[0]?.message ?? issue.message;
}

function last(path: Path): string | number {
  return path.at(-1) ?? "scenario";
}

/** `duration`, `expect[2]`. */
function label(path: Path): string {
  const name = last(path);
  return typeof name === "number" ? `${path.at(-2)}[${name}]` : cut(name);
}

function shown(value: unknown): string {
  if (value === null || value === undefined) return "nothing";
  if (Array.isArray(value)) return "a list";
  if (typeof value === "string") return `\`${cut(value)}\``;
  return typeof value === "number" || typeof value === "boolean" ? `\`${value}\`` : "a map";
}

function cut(text: string): string {
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}
