import { DEFAULTS } from "./defaults.js";
import { parseDurationRange } from "./duration.js";
import type { LoadFile } from "./load-schema.js";
import type { LoadPlan } from "./load-types.js";
import type { FieldMap } from "./maps.js";
import { eitherPlace, type Path, type Problem } from "../source/problem.js";

/** Nothing where the load never pauses. */
export function pausesOf({ think, batch }: Pick<LoadFile, "think" | "batch">): Pick<LoadPlan, "pauses"> {
  const thinkMs = typeof think === "string" ? parseDurationRange(think) : null;
  return thinkMs === null ? {} : { pauses: { thinkMs, batch: batch ?? DEFAULTS.load.batch, seed: DEFAULTS.load.seed } };
}

/** What about pauses can only be seen with everything that was said about the load. @param written its fields */
export function pauseProblems(load: LoadPlan, written: FieldMap, variant: string): Problem[] {
  const problem = (fields: readonly [string, ...string[]], message: string, hint: string): Problem => {
    const paths = fields.map((field): Path => ["load", field]) as [Path, ...Path[]];
    return { paths: eitherPlace(variant, ...paths), at: "value", message, hint };
  };
  const { client, pace, pauses, sockets } = load;
  if (pauses === undefined) {
    if ((written["batch"] ?? null) === null) return [];
    const message = "`batch` says how many requests go out between two pauses, and there is no pause";
    return [problem(["batch"], message, "write `think: 5s`")];
  }
  const problems: Problem[] = [];
  if (pace !== null) {
    const message = "`think` says when a next request begins, and so does the rate";
    problems.push(problem(["think", "rate", "stages"], message, "leave out one of both"));
  }
  if (client === "autocannon") {
    const message = "autocannon makes each next request at once";
    problems.push(problem(["think", "client"], message, "write `client: undici`"));
  }
  if (client === "command") {
    const message = "the command cannot be told `think`";
    problems.push(problem(["think", "client"], message, "leave it out: what the command does is measured"));
  }
  if (pauses.batch !== null && (sockets?.threads ?? 1) > 1) {
    const message = "`batch` is for one thread: several would not wait for each other";
    problems.push(problem(["batch", "threads"], message, "leave out `threads`"));
  }
  return problems;
}
