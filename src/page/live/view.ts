import type { ShownRun, ShownState, ShownTrial } from "../../live/shown.js";
import { figureText, span } from "../../text/figures.js";
import { sentence } from "../../report/judgements.js";
import { printable } from "../../text/printable.js";
import { doingText } from "../../words/doing.js";
import { counted, listed, say } from "../../words/say.js";
import type { LiveNoticeView, LiveRunView, LiveVariantView, LiveView } from "./types.js";
import { axesOf, chartsOf, type LiveAxes } from "./charts.js";
import { figuresOf, labOf, linksOf } from "./lab.js";

/** More would be more than can be followed, and more work than a glance is worth. */
const MOST_RUNS = 2;
const MOST_VARIANTS = 4;
const MOST_NOTICES = 30;

/** Of a run that is over. */
const STATUS = { complete: "complete", interrupted: "was-interrupted", failed: "has-failed" } as const;

/** The state of runs that go on, as a page shows it. Whatever text stands in it is on one line and safe to show. */
export function liveView({ runs }: ShownState): LiveView {
  const alone = runs.filter(({ status, scenario }) => status === "running" && !scenario.parallel);
  const whole = (runs.length <= MOST_RUNS ? runs : alone.length > 0 ? alone : runs.slice(-1)).slice(0, MOST_RUNS);
  const title = whole[0] === undefined ? say("waiting-for-run") : titleOf(whole[0]);
  return {
    title,
    runs: whole.map(runView),
    brief: runs
      .filter((run) => !whole.includes(run))
      .map((run) => ({
        id: `r${run.run}`,
        name: printable(run.scenario.name),
        title: titleOf(run),
        state: stateOf(run),
      })),
  };
}

function titleOf({ scenario: { name, title } }: ShownRun): string {
  return printable(title === "" ? name : title);
}

function runView(run: ShownRun): LiveRunView {
  const begun = run.variants.filter(({ trial }) => trial !== null);
  const newest = begun.toSorted((a, b) => b.trial!.beganAtMs - a.trial!.beganAtMs).slice(0, MOST_VARIANTS);
  const shown = begun.filter((variant) => newest.includes(variant));
  const axes = axesOf(shown.map(({ trial }) => trial!));
  const left = begun.length - shown.length;
  return {
    id: `r${run.run}`,
    name: printable(run.scenario.name),
    title: titleOf(run),
    state: stateOf(run),
    part: partOf(run),
    notices: run.notices
      .toReversed()
      .slice(0, MOST_NOTICES)
      .map((notice, at) => noticeView(notice, run, `n${run.notices.length - at}`)),
    variants: shown.map((variant) => variantView(variant, run, axes)),
    several: run.variants.length > 1,
    leftOut: left === 0 ? "" : say("newest-variants", { shown: MOST_VARIANTS, left }),
    findings: run.findings.map(({ severity, variant, text }) => ({
      severity,
      where: run.variants.length > 1 ? printable(variant) : "",
      text: sentenceOf(text),
    })),
    expectations: run.expectations.map(({ text, holds, measured }) => ({
      state: holds === null ? "open" : holds ? "holds" : "fails",
      text: printable(text),
      measured: holds === null ? say("not-yet-measured") : measuredText(text, measured),
    })),
    warnings: run.warnings.map((text) => printable(text)),
  };
}

function measuredText(expectation: string, measured: number | string | null): string {
  const metric = /^\S+/u.exec(expectation)?.[0].replace(/^[^.]+\./u, "") ?? "";
  return printable(figureText(metric, measured));
}

function sentenceOf(text: string): string {
  return say("end", { text: sentence({ text: printable(text) }) });
}

/** `close, 2 of 3 variants, trial 1 of 5` */
function stateOf({ status, now, variants, trials, verdict }: ShownRun): string {
  if (status !== "running") return say(verdict === null ? STATUS[status] : verdict);
  if (now === null) return betweenTrials(variants, trials);
  const at = variants.findIndex(({ name }) => name === now.variant);
  const parts = [
    printable(now.variant),
    variants.length > 1 ? say("variant-of", { n: at + 1, of: variants.length }) : "",
    trials > 1 ? say("trial-of", { n: now.trial + 1, of: trials }) : "",
  ];
  return listed(parts);
}

function betweenTrials(variants: ShownRun["variants"], trials: number): string {
  if (variants.every(({ done }) => done === 0)) return say("about-to-begin");
  return say(variants.every(({ done }) => done >= trials) ? "all-trials-over" : "between-trials");
}

function partOf({ now, variants }: ShownRun): number | null {
  const load = variants.find(({ name }) => name === now?.variant)?.trial?.loads.at(-1);
  return load === undefined || load.durationMs === 0 ? null : Math.min(1, load.elapsedMs / load.durationMs);
}

function noticeView(notice: ShownRun["notices"][0], { variants, trials }: ShownRun, id: string): LiveNoticeView {
  const { severity, variant, trial, atMs, text } = notice;
  const of = variants.find(({ name }) => name === variant)?.trial;
  // Of a trial whose clock is gone it is only known which it was.
  const since =
    of?.trial === trial && !of.over && of.zeroAtMs !== null
      ? say("at-time", { span: span(Math.max(0, atMs - of.zeroAtMs)) })
      : "";
  const where = [
    variants.length > 1 ? printable(variant) : "",
    trials > 1 ? say("trial-number", { n: trial + 1 }) : "",
    since,
  ];
  return { id, severity, where: where.filter((part) => part !== "").join(" · "), text: sentenceOf(text) };
}

function variantView(variant: ShownRun["variants"][0], run: ShownRun, axes: LiveAxes): LiveVariantView {
  const trial = variant.trial!;
  const id = `r${run.run}-v${run.variants.indexOf(variant)}`;
  return {
    id,
    name: printable(variant.name),
    state: doingOf(trial, run.trials),
    figures: figuresOf(trial),
    lab: labOf(variant, trial),
    charts: chartsOf(trial, axes, id),
    steps: trial.steps.map(({ step, does, state, tookMs, fault }) => ({
      name: printable(step),
      does: printable(does),
      state: stateOfStep({ state, tookMs, fault }),
      now: state === "begun",
      failed: fault !== null,
    })),
    links: linksOf(variant, trial),
  };
}

function stateOfStep({ state, tookMs, fault }: Pick<ShownTrial["steps"][0], "state" | "tookMs" | "fault">): string {
  if (fault !== null) return say("step-failed", { fault: printable(fault) });
  return state === "begun" ? say("step-runs") : say("step-took", { span: span(tookMs) });
}

function doingOf({ over, doing, trial, loads, steps }: ShownTrial, trials: number): string {
  const number = trials > 1 ? say("trial-of", { n: trial + 1, of: trials }) : "";
  const load = loads.at(-1);
  const step = steps.findLast(({ state }) => state === "begun");
  const now = over
    ? say("measured-head")
    : step !== undefined
      ? say("at-step", { name: printable(step.step) })
      : load !== undefined && doing === "load"
        ? listed([
            say("used-of", { used: span(load.elapsedMs), limit: span(load.durationMs) }),
            load.failed === null ? "" : say("failed-so-far", { requests: counted("request", load.failed) }),
          ])
        : doing !== null
          ? printable(doingText(doing))
          : loads.length + steps.length === 0
            ? say("gets-ready")
            : say("last-readings");
  return [number, now].filter((part) => part !== "").join(" · ");
}
