import { jsonIn, numberAt } from "./figures.js";
import { firstOf, noPartOfASecond, noRate, wholeSeconds } from "./plan.js";
import { headerOptions } from "./shell.js";
import type { ProgramOutput, Said, Tool } from "./types.js";

/** https://www.joedog.org/siege-manual/ */
export const siege: Tool = {
  install: "apt-get install siege",
  versionArgs: ["-V"],
  versionIn: (output) => /^SIEGE (\d[\w.]*)/mu.exec(output)?.[1] ?? null,
  cannot: (plan) =>
    firstOf(
      noRate(plan),
      plan.requests === null ? noPartOfASecond(plan) : null,
      plan.requests !== null && plan.requests % plan.connections !== 0
        ? "makes as many requests on each connection: their number must be a multiple of the connections"
        : null,
    ),
  can: ["headers"],
  commandLine(plan) {
    const { connections, connection, requests, timeoutMs } = plan;
    const length = requests === null ? `-t ${wholeSeconds(plan)}S` : `-r ${requests / connections}`;
    // Its settings are in a file: -R takes one in place of the user's own, and it would make that one by itself.
    const settings = [
      `connection = ${connection}`,
      "protocol = HTTP/1.1",
      "parser = false",
      "logging = false",
      "limit = 100000",
      `timeout = ${Math.ceil(timeoutMs / 1000)}`,
      "failures = 1000000000",
    ];
    const file = settings.join("\\n");
    // By a pipe: a file of a name that others can foretell could be theirs, and stays where siege is killed.
    return `printf '${file}\\n' | siege -R /dev/stdin -b -j -c ${connections} ${length}${headerOptions(plan)} '{url}'`;
  },
  read,
};

function read({ stdout }: ProgramOutput): Said | null {
  const summary = jsonIn(stdout);
  const answered = numberAt(summary, "transactions");
  const failed = numberAt(summary, "failed_transactions");
  if (answered === null || failed === null) return null;
  return {
    requests: answered + failed,
    succeeded: numberAt(summary, "successful_transactions"),
    failed,
    perSec: numberAt(summary, "transaction_rate"),
    latencyUs: null,
    seconds: numberAt(summary, "elapsed_time"),
  };
}
