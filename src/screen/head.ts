import type { LiveLoad, LiveRun, LiveTrial, LiveVariant } from "../live/types.js";
import type { Paint } from "../report/paint.js";
import { allPhases } from "../scenario/phases/types.js";
import { count, decimal, micros, NOTHING, span } from "../text/figures.js";
import { printable } from "../text/printable.js";
import { displayWidth, fit, padRight } from "../text/width.js";
import { sayOnScreen as say } from "../words/screen.js";
import { doingText } from "../words/doing.js";
import { say as sayOfRun } from "../words/say.js";
import { gauge } from "./bars.js";

export interface Overall {
  /** Which of the scenarios of the command this is, counted from 1, and how many there are. */
  scenario: number;
  scenarios: number;
  /** How long all that is planned will still take; null where that is not known. */
  leftMs: number | null;
  /** Ctrl-C was pressed: the run ends in order. */
  isInterrupted: boolean;
}

/** Of a run that is over. */
const STATUS = { complete: "complete", interrupted: "was-interrupted", failed: "has-failed" } as const;
const BAR = 24;
/** So much of the name is not cut for how far it is. */
const MOST_NAME = 48;
/** Between one thing and the next. */
const GAP = "   ";

/** What runs, how far it is, and which of the variants are done. */
export function drawHead(
  { run, variant, trial }: { run: LiveRun; variant: LiveVariant | null; trial: LiveTrial | null },
  overall: Overall,
  { rows, width, atMs, paint }: { rows: number; width: number; atMs: number; paint: Paint },
): string[] {
  const { scenario } = run;
  const number = overall.scenarios > 1 ? `${say("scenario-of", { n: overall.scenario, of: overall.scenarios })}  ` : "";
  const name = `${number}${printable(scenario.name)}`;
  const what = variant === null ? name : `${name} · ${printable(variant.name)}`;
  const far = howFar(run, trial, overall, { width: width - Math.min(displayWidth(what), MOST_NAME) - 4, atMs, paint });
  const left = paint("bold", fit(what, width - displayWidth(far) - 4));
  const first = ` ${padRight(left, width - displayWidth(far) - 2)} ${far}`;
  const variants = drawVariants(run, variant, { width: Math.floor(width / 2), paint });
  const room = width - displayWidth(variants) - 4;
  const title = paint("dim", fit(printable(scenario.title), room));
  const second = ` ${padRight(title, width - displayWidth(variants) - 2)} ${variants}`;
  return [first, second, ...drawStep(run, variant, trial, { width, atMs, paint })].slice(0, rows);
}

export function heightOfHead(trial: LiveTrial | null): number {
  return (trial?.steps.length ?? 0) > 0 ? 3 : 2;
}

/** `trial 3 of 10  12 s left  ████░░░░  6.4 of 10 s`: what matters least goes first. */
function howFar(
  run: LiveRun,
  trial: LiveTrial | null,
  { leftMs, isInterrupted }: Overall,
  { width, atMs, paint }: { width: number; atMs: number; paint: Paint },
): string {
  if (isInterrupted && run.status === "running") return paint("bold", say("being-saved"));
  if (run.status !== "running") return paint("bold", sayOfRun(STATUS[run.status]));
  if (trial === null) return say("begins");
  const trials = run.trials * run.variants.length;
  const which = trials > 1 ? [say("trial-of", { n: trial.order + 1, of: trials })] : [];
  const left = leftMs === null || trials === 1 ? [] : [say("left", { span: span(Math.max(1000, leftMs)) })];
  const load = trial.loads.at(-1);
  const isLoading = load !== undefined && trial.figures === null && load.elapsedMs < load.durationMs;
  if (!isLoading || trial.steps.length > 0) {
    const hasSteps = trial.steps.length > 0;
    const under = trial.doing === null ? (hasSteps ? "" : sayOfRun("gets-ready")) : doingText(trial.doing);
    const doing = trial.figures === null ? under : say("done");
    const clock = trial.zeroAtMs === null || !hasSteps ? [] : [span(atMs - trial.zeroAtMs)];
    return fitting([[...which, ...left, printable(doing), ...clock], [...which, ...clock], which], width);
  }
  const { elapsedMs, durationMs } = load;
  const clock = say("clock", { elapsed: (elapsedMs / 1000).toFixed(1), duration: decimal(durationMs / 1000) });
  const bar = (columns: number): string => gauge(elapsedMs / durationMs, columns, "white", paint);
  return fitting([[...which, ...left, bar(BAR), clock], [...which, bar(10), clock], [...which, clock], [clock]], width);
}

function fitting(candidates: readonly (readonly string[])[], width: number): string {
  const texts = candidates.map((parts) => parts.filter((part) => part !== "").join(GAP.slice(1)));
  return texts.find((text) => displayWidth(text) <= width) ?? "";
}

/** `✓ close  ▸ keep-alive  · upgrade`; where there are too many, how many are done. */
function drawVariants(
  run: LiveRun,
  current: LiveVariant | null,
  { width, paint }: { width: number; paint: Paint },
): string {
  const { variants, trials } = run;
  if (variants.length < 2) return "";
  const marked = variants.map(({ name, done }) => {
    const text = printable(name);
    if (name === current?.name && run.status === "running") return paint("bold", `▸ ${text}`);
    return done >= trials ? `${paint("green", "✓")} ${text}` : paint("dim", `· ${text}`);
  });
  const all = marked.join(GAP);
  const done = variants.filter((one) => one.done >= trials).length;
  return displayWidth(all) <= width ? all : paint("dim", say("variants-done", { done, of: variants.length }));
}

/** The step that runs, or the last one that did. */
function drawStep(
  { scenario }: LiveRun,
  variant: LiveVariant | null,
  trial: LiveTrial | null,
  { width, atMs, paint }: { width: number; atMs: number; paint: Paint },
): string[] {
  const step = trial?.steps.findLast(({ state }) => state === "begun") ?? trial?.steps.at(-1);
  if (trial === null || step === undefined) return [];
  const plan = scenario.variants.find(({ name }) => name === variant?.name);
  const all = plan === undefined ? 0 : allPhases(plan.phases).length;
  const begun = trial.steps.indexOf(step) + 1;
  const number = all >= begun ? say("step-of", { n: begun, of: all }) : say("step", { n: begun });
  const what = step.step === step.does ? step.does : `${step.does}: ${step.step}`;
  const took = span(step.tookMs ?? atMs - step.beganAtMs);
  const fault = step.fault === null ? "" : paint(["bold", "red"], `  ${printable(step.fault)}`);
  const text = fit(`${number}  ${printable(what)}`, width - 12);
  return [` ${text}  ${paint("dim", took)}${fault}`];
}

/**
 * `12,534 requests/s   p50 3.60 ms   p99 11.0 ms   …`: what matters least goes first. Of the last interval, and of all of
 * a trial that is over.
 */
export function drawFigures(
  load: LiveLoad | undefined,
  figures: LiveTrial["figures"],
  { width, paint }: { width: number; paint: Paint },
): string {
  if (load === undefined) return "";
  const { rate, perSec, p50Us, p99Us, succeeded, failed, connections } = load;
  const isOver = figures !== null && load.step === null;
  const now = isOver || rate.last === null ? perSec : rate.last.value;
  const p50 = isOver ? figures.latencyUs?.p50 : p50Us.last?.value;
  const p99 = isOver ? figures.latencyUs?.p99 : p99Us.last?.value;
  const figure = (value: string, name: string): string => `${paint("bold", value)} ${name}`;
  const parts = [
    figure(load.elapsedMs === 0 || now === null ? NOTHING : count(Math.round(now)), sayOfRun("requests-rate")),
    `p50 ${paint("bold", micros(p50))}`,
    `p99 ${paint("bold", micros(p99))}`,
    ...(failed === null
      ? []
      : [
          failed > 0
            ? paint(["bold", "red"], `${count(failed)} ${sayOfRun("not-succeeded")}`)
            : figure("0", sayOfRun("not-succeeded")),
        ]),
    ...(connections === null ? [] : [figure(count(connections), sayOfRun("connections-opened"))]),
    figure(count(succeeded), say("answered")),
  ];
  for (let shown = parts.length; shown > 0; shown--) {
    const line = parts.slice(0, shown).join("    ");
    if (displayWidth(line) + 2 <= width) return ` ${line}`;
  }
  return "";
}
