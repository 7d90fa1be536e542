import type { RunEvent } from "../events/types.js";
import type { RunResult } from "../result/types.js";
import { judgedSoFar } from "./expectations.js";
import { NoticeBoard } from "./notices.js";
import { finishTrial, hearInTrial, newTrial } from "./trial.js";
import type { LiveRun, LiveState, LiveTrial, LiveVariant } from "./types.js";

type Of<Type extends RunEvent["type"]> = Extract<RunEvent, { type: Type }>;

/**
 * Runs that go on, as one state (types.ts) that grows with each event. Subscribe `heard` to the stream, or hand it the
 * events of a saved result (replay.ts): the same state comes of both. What looks at it reads `state` whenever it likes, and
 * changes nothing. An event costs next to nothing, so that it may be heard while a run is measured.
 */
export class LiveModel {
  readonly #state: LiveState = { atMs: 0, runs: [] };
  readonly #boards = new Map<number, NoticeBoard>();
  /** The newest trial of each run whose document nobody has looked at: it has those before it, too. */
  readonly #unread = new Map<LiveRun, Of<"trial-done">>();

  get state(): LiveState {
    for (const [run, { soFar }] of this.#unread) tellSoFar(run, soFar);
    this.#unread.clear();
    return this.#state;
  }

  readonly heard = (event: RunEvent): void => {
    const { runs } = this.#state;
    this.#state.atMs = Math.max(this.#state.atMs, event.atMs);
    if (event.type === "run") return this.#begin(event);
    const run = runs.find((one) => one.run === event.run);
    if (run === undefined) {
      // It was never begun, and there is nothing to look at but its result.
      if (event.type === "run-done") this.#addRun(newRun(event, event.result.scenario, event.result.environment, 0));
      else return;
    }
    this.#hear(run ?? runs.find((one) => one.run === event.run)!, event);
  };

  #begin(event: Of<"run">): void {
    this.#addRun(newRun(event, event.scenario, event.environment, event.trials));
  }

  #addRun(run: LiveRun): void {
    this.#state.runs.push(run);
    this.#state.runs.sort((a, b) => a.run - b.run);
    this.#boards.set(run.run, new NoticeBoard(run));
  }

  #hear(run: LiveRun, event: RunEvent): void {
    switch (event.type) {
      case "run":
        return;
      case "warning":
        run.warnings.push(event.warning);
        return;
      case "run-done":
        this.#unread.delete(run);
        return endRun(run, event);
      case "trial":
        return beginTrial(run, event);
      case "trial-done":
        endTrial(run, event);
        this.#unread.set(run, event);
        return;
      case "host":
      case "settings":
      case "step":
      case "action":
      case "sample":
      case "progress": {
        const variant = variantOf(run, event);
        const trial = variant?.trial;
        if (variant === undefined || trial === undefined || trial === null || trial.trial !== event.trial) return;
        hearInTrial(
          trial,
          event,
          run.scenario.variants.find(({ name }) => name === variant.name)!,
        );
        this.#boards.get(run.run)!.look(variant.name, trial, event);
      }
    }
  }
}

function newRun(
  { run, atMs }: RunEvent,
  scenario: LiveRun["scenario"],
  environment: LiveRun["environment"],
  trials: number,
): LiveRun {
  return {
    run,
    scenario,
    environment,
    trials,
    beganAtMs: atMs,
    status: "running",
    variants: scenario.variants.map(({ name }) => ({ name, done: 0, trial: null })),
    now: null,
    warnings: [],
    notices: [],
    findings: [],
    expectations: scenario.expect.map(({ text }) => ({ text, holds: null, measured: null, against: null })),
    result: null,
  };
}

function variantOf({ variants }: LiveRun, { variant }: RunEvent): LiveVariant | undefined {
  return variants.find(({ name }) => name === variant);
}

function beginTrial(run: LiveRun, event: Of<"trial">): void {
  const variant = variantOf(run, event);
  if (variant === undefined) return;
  variant.trial = newTrial(event.trial ?? 0, event.order, event.atMs);
  run.now = { variant: variant.name, trial: variant.trial.trial };
}

function endTrial(run: LiveRun, event: Of<"trial-done">): void {
  const variant = variantOf(run, event);
  const trial: LiveTrial | null = variant?.trial ?? null;
  if (variant === undefined || trial === null) return;
  finishTrial(trial, event.figures);
  variant.done++;
  run.now = null;
}

function tellSoFar(run: LiveRun, soFar: RunResult): void {
  // Of a variant whose turn has not come it would tell that nothing was measured.
  const waits = (name: string): boolean => run.variants.some((one) => one.name === name && one.done === 0);
  run.findings = soFar.findings.filter((finding) => !waits(finding.variant));
  run.expectations = judgedSoFar(run.scenario, soFar);
}

function endRun(run: LiveRun, { result }: Of<"run-done">): void {
  run.status = result.status;
  run.now = null;
  run.result = result;
  run.environment = result.environment;
  run.warnings = result.warnings;
  run.findings = result.findings;
  if (result.expectations.length > 0) run.expectations = result.expectations;
}
