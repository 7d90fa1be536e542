import { resolve } from "node:path";
import { stringify } from "yaml";
import { auditOf } from "../audit/audit.js";
import {
  type AskedLoad,
  type Auditee,
  scenarioFor,
  scenarioName,
  SITUATIONS,
  type SituationName,
  situationsOf,
} from "../audit/situations.js";
import { runScenario } from "../bench.js";
import { BenchError, type ErrorCode, EXIT, type ExitCode } from "../errors.js";
import { Events } from "../events/events.js";
import { renderAudit } from "../report/audit.js";
import { prepareOutput, readResult, resultsOf } from "../result/file.js";
import type { RunResult } from "../result/types.js";
import { parseScenario } from "../scenario/parse.js";
import type { Scenario } from "../scenario/types.js";
import { inLanguage } from "../text/language.js";
import { auditeesFrom, splitArgs } from "./auditees.js";
import { cacheFolder } from "./cache-folder.js";
import { AUDIT } from "./definitions/taught.js";
import { errorAsText } from "./errors-as-text.js";
import { chosenLanguage } from "./language.js";
import { count, parse, requireNothing, suggestion } from "./options.js";
import { deliver } from "./page.js";
import { progressOn } from "./progress-on.js";
import { saveTo } from "./save.js";
import { DEFAULT_WIDTH, type World } from "./world.js";

const MOST_CONNECTIONS = 1_000;
const MOST_RATE = 1_000_000;
/** How long a load lasts; a command line of the user's says that itself, and may take longer. */
const DURATION = { known: "2s", command: "10s" } as const;

/** What programs say of their loads, held against what the server saw and the kernels counted. */
export async function audit(args: readonly string[], world: World): Promise<ExitCode> {
  const { before, command } = splitArgs(args);
  const { values, positionals } = parse(AUDIT, before);
  const language = chosenLanguage(values.lang, world.env);
  const report = values.output === undefined ? null : resolve(world.cwd, values.output);
  if (report !== null) await prepareOutput(report);
  let measured: Measured;
  if (values.from === undefined) {
    const asked: AskedLoad = {
      duration: values.duration ?? DURATION[command === null ? "known" : "command"],
      connections: count("--connections", values.connections, MOST_CONNECTIONS),
      rate: values.rate === undefined ? null : count("--rate", values.rate, MOST_RATE),
    };
    const auditees = auditeesFrom(positionals, command);
    measured = await measureAll(plansFor(auditees, onlyFrom(values.only), asked, world), values.quiet, world);
  } else {
    requireNothing("audit", [...positionals, ...(command ?? [])], "--from draws what was measured before.");
    measured = { results: resultsOf(await readResult(resolve(world.cwd, values.from))), isWhole: true };
  }
  const { results, isWhole } = measured;
  const drawn = auditOf(results);
  if (drawn.programs.length === 0 && isWhole)
    throw new BenchError("bad-result", "there is no audit in it", "bench audit wrk makes one, under results/audit/");
  const width = { width: world.stdout.columns ?? DEFAULT_WIDTH, color: world.stdout.color };
  const text = inLanguage(language, () => renderAudit(drawn, values.format, width));
  if (drawn.programs.length > 0) await deliver(text, values.output, world);
  if (!isWhole) return EXIT.interrupted;
  return tellFailures(results, world) ? EXIT.incomplete : EXIT.ok;
}

/** @throws BenchError `bad-usage` */
function onlyFrom(text: string | undefined): readonly SituationName[] {
  const names = text?.split(",").map((name) => name.trim()) ?? SITUATIONS;
  const unknown = names.find((name) => !SITUATIONS.some((one) => one === name));
  if (unknown === undefined) return SITUATIONS.filter((one) => names.includes(one));
  const hint = suggestion(unknown, SITUATIONS, `There are ${SITUATIONS.join(", ")}.`);
  throw new BenchError("bad-usage", `there is no situation "${unknown}"`, hint);
}

/** The situations of one program, each as a scenario. */
interface Plan {
  scenarios: Scenario[];
}

/** @throws BenchError for what a scenario cannot say */
function plansFor(
  auditees: readonly Auditee[],
  only: readonly SituationName[],
  asked: AskedLoad,
  { cwd }: World,
): Plan[] {
  const chosen = (auditee: Auditee): SituationName[] => situationsOf(auditee).filter((one) => only.includes(one));
  const none = auditees.find((auditee) => chosen(auditee).length === 0);
  if (none !== undefined)
    throw new BenchError(
      "bad-usage",
      `--only leaves no situation for a command line of your own: it has no ${only.join(", ")}`,
      `Whether it closes is its own matter. It has ${situationsOf(none).join(", ")}.`,
    );
  return auditees.map((auditee) => ({
    scenarios: chosen(auditee).map((situation) => {
      const name = scenarioName(situation);
      const file = stringify(scenarioFor(situation, auditee, asked));
      return Object.assign(parseScenario(file, { name, file: name, folder: cwd }), { file });
    }),
  }));
}

interface Measured {
  results: readonly RunResult[];
  /** false: it was interrupted. */
  isWhole: boolean;
}

/** One after the other, each as `bench run` would, and saved as it does. Of a program that cannot run one is tried. */
async function measureAll(plans: readonly Plan[], quiet: boolean, world: World): Promise<Measured> {
  const output = resolve(world.cwd, "results", "audit", `${new Date().toISOString().replaceAll(":", "-")}.json`);
  await prepareOutput(output);
  const events = new Events();
  const progress = progressOn(world, { live: false, "no-live": true, quiet, verbose: false }, "en");
  const saved = saveTo(output, events);
  events.subscribe(progress.heard);
  progress.plan(
    plans.flatMap(({ scenarios }) => scenarios),
    1,
  );
  const options = {
    isolation: "namespace",
    trials: 1,
    cacheFolder: cacheFolder(world),
    signal: world.interrupted,
  } as const;
  let at = 0;
  try {
    for (const { scenarios } of plans) {
      const first = at;
      at += scenarios.length;
      for (const [offset, scenario] of scenarios.entries()) {
        if (world.interrupted.aborted) break;
        const result = await runScenario(scenario, { ...options, events: events.ofRun(first + offset) });
        if (result.error !== undefined && !wasMeasured(result)) break;
      }
    }
  } finally {
    progress.close();
  }
  const { results, unsaved } = saved;
  if (unsaved !== null) world.stderr.write(errorAsText(unsaved, world.stderr.color));
  else if (results.length > 0) progress.say(`results: ${output}`);
  return { results, isWhole: !world.interrupted.aborted };
}

function wasMeasured({ variants }: RunResult): boolean {
  return Object.values(variants).some(({ trials }) => trials.length > 0);
}

/** Of what could not be measured at all; what failed on the way is in the audit. @returns whether there was any */
function tellFailures(results: readonly RunResult[], { stderr }: World): boolean {
  const failed = results.filter((result) => result.error !== undefined && !wasMeasured(result));
  for (const { error } of failed) {
    const { code, message, hint } = error!;
    stderr.write(errorAsText(new BenchError(code as ErrorCode, message, hint), stderr.color));
  }
  return failed.length > 0;
}
