import { numberIn, toUs } from "./figures.js";
import { firstOf, onlyOneRate, rateOf, wholeSeconds } from "./plan.js";
import { bodyOption, headerOptions, methodOption } from "./shell.js";
import type { ProgramOutput, Said, Tool } from "./types.js";

/** https://github.com/rakyll/hey */
export const hey: Tool = {
  install: "apt-get install hey",
  versionArgs: ["-h"],
  // It tells no version: what is read is what 0.1.4 prints.
  versionIn: (output) => (/^Usage: hey \[options/mu.test(output) ? "0.1" : null),
  cannot: (plan) =>
    firstOf(
      onlyOneRate(plan),
      plan.requests !== null && plan.requests % plan.connections !== 0
        ? "makes as many requests on each connection: their number must be a multiple of the connections"
        : null,
    ),
  can: ["headers", "method", "body", "bodyFile"],
  commandLine(plan) {
    const { connections, connection, requests, timeoutMs } = plan;
    const rate = rateOf(plan);
    const length = requests === null ? `-z ${wholeSeconds(plan)}s` : `-n ${requests}`;
    const ofEach = rate === null ? "" : ` -q ${rate / connections}`;
    const close = connection === "close" ? " -disable-keepalive" : "";
    return `hey -c ${connections} ${length} -t ${Math.ceil(timeoutMs / 1000)}${ofEach}${close}${methodOption(plan, "-m")}${headerOptions(plan)}${bodyOption(plan, "-d", "-D")} '{url}'`;
  },
  read,
};

function read({ stdout }: ProgramOutput): Said | null {
  const perSec = numberIn(stdout, /^\s*Requests\/sec:\s+([\d.]+)/mu);
  if (perSec === null) return null;
  const [, statuses = "", errors = ""] =
    /^Status code distribution:\n([\s\S]*?)(?:^Error distribution:\n([\s\S]*))?$(?![\s\S])/mu.exec(stdout) ?? [];
  const answers = [...statuses.matchAll(/^\s*\[(\d+)\]\s+(\d+) responses/gmu)];
  const sum = (counts: readonly string[]): number => counts.reduce((all, n) => all + Number(n), 0);
  const good = sum(answers.filter(([, status]) => Number(status) < 400).map(([, , n]) => n!));
  const answered = sum(answers.map(([, , n]) => n!));
  const broken = sum([...errors.matchAll(/^\s*\[(\d+)\]\s/gmu)].map(([, n]) => n!));
  const percentile = (p: string): number | null =>
    toUs(numberIn(stdout, new RegExp(`^\\s*${p}% in ([\\d.]+) secs`, "mu")), 1_000_000);
  return {
    requests: answered + broken,
    succeeded: good,
    failed: answered - good + broken,
    perSec,
    latencyUs: { p50: percentile("50"), p99: percentile("99") },
    seconds: numberIn(stdout, /^\s*Total:\s+([\d.]+) secs/mu),
  };
}
