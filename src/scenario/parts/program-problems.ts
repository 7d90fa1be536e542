import { eitherPlace, type Path, type Problem } from "../source/problem.js";
import { OWN_CLIENTS, type LoadPlan } from "./load-types.js";
import type { FieldMap } from "./maps.js";

/** What a program as a client decides by itself. */
const ITS_OWN = ["requestsPerConnection", "closer", "success"] as const;

export function isOwnClient({ client }: Pick<LoadPlan, "client">): boolean {
  return OWN_CLIENTS.some((own) => own === client);
}

/** What about a program as a client cannot stand together. @param written the load's fields */
export function programProblems(written: FieldMap, load: LoadPlan, variant: string): Problem[] {
  const { client, program, pace, requests } = load;
  const problem = (fields: readonly [string, ...string[]], message: string, hint: string): Problem => {
    const paths = fields.map((field): Path => ["load", field]) as [Path, ...Path[]];
    return { paths: eitherPlace(variant, ...paths), at: "value", message, hint };
  };
  const problems: Problem[] = [];
  const hasCommand = Object.hasOwn(written, "command");
  if (client === "command" && !hasCommand)
    problems.push(problem(["client"], "`client: command` needs `command`", 'write `command: "my-client {url}"`'));
  if (client !== "command" && hasCommand)
    problems.push(problem(["command", "client"], `${client} is not told a command`, "write `client: command`"));
  if (client !== "command" && Object.hasOwn(written, "reads"))
    problems.push(problem(["reads", "client"], "`reads` is of a command", "leave it out, or write `client: command`"));
  if (isOwnClient(load)) return problems;
  const told = (place: string): boolean => client !== "command" || (program?.command ?? "").includes(`{${place}}`);
  for (const field of ITS_OWN)
    if (Object.hasOwn(written, field)) {
      const hint = "leave it out: what the program does is measured, or take a client of ours: `client: epoll`";
      problems.push(problem([field, "client"], `${client} cannot be told \`${field}\``, hint));
    }
  if (client === "command" && hasCommand) {
    if (pace !== null && !told("rate"))
      problems.push(problem(["rate", "stages", "command"], "the command is not told the rate", "write {rate} into it"));
    if (pace === null && told("rate"))
      problems.push(problem(["command"], "the command is told {rate}, and there is no rate", "write `rate: 1000`"));
    if (requests !== null && !told("requests"))
      problems.push(
        problem(["requests", "command"], "the command is not told how many requests", "write {requests} into it"),
      );
    if (requests === null && told("requests"))
      problems.push(
        problem(["command"], "the command is told {requests}, and there is no number", "write `requests: 1000`"),
      );
  }
  return problems;
}
