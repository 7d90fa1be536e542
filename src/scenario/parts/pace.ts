import { DEFAULTS } from "./defaults.js";
import { formatDuration, milliseconds } from "./duration.js";
import type { LoadFile } from "./load-schema.js";
import type { LoadPlan, PacePlan, PaceStage } from "./load-types.js";
import type { FieldMap } from "./maps.js";
import { eitherPlace, type Path, type Problem } from "../source/problem.js";

type PaceFile = Pick<LoadFile, "duration" | "rate" | "stages" | "arrivals">;

/** How long a load lasts: as it says, else as long as its stages, else as by default. */
export function loadDuration(file: PaceFile): number {
  if (file.duration !== undefined) return milliseconds(file.duration);
  if (file.stages) return lengthOf(stagesOf(file, 0));
  return milliseconds(DEFAULTS.load.duration);
}

/** null without a rate. Stages that the load does not last for are cut off. */
export function pacePlan(file: PaceFile, durationMs: number): PacePlan | null {
  if ((file.rate ?? null) === null && (file.stages ?? null) === null) return null;
  return {
    arrivals: file.arrivals ?? DEFAULTS.load.arrivals,
    stages: cutOff(stagesOf(file, durationMs), durationMs),
    seed: DEFAULTS.load.seed,
  };
}

/** What about a pace can only be seen with everything that was said about the load. */
export function paceProblems(merged: FieldMap, load: LoadPlan, variant: string): Problem[] {
  const problem = (fields: readonly [string, ...string[]], message: string, hint: string): Problem => {
    const paths = fields.map((field): Path => ["load", field]) as [Path, ...Path[]];
    return { paths: eitherPlace(variant, ...paths), at: "value", message, hint };
  };
  const { client, durationMs, pace } = load;
  const problems: Problem[] = [];
  // `rate: null` takes a rate away that stands above, and leaves the kind of its arrivals as it is.
  if (pace === null && "arrivals" in merged && !("rate" in merged) && !("stages" in merged)) {
    const message = "`arrivals` says how a rate's requests arrive, and there is no rate";
    problems.push(problem(["arrivals"], message, "write `rate: 1000`, requests per second"));
  }
  if (pace === null) return problems;
  if (client === "autocannon") {
    const message = "autocannon keeps no rate whose latencies would be true";
    problems.push(problem(["rate", "stages", "client"], message, "write `client: undici`"));
  }
  if (lengthOf(pace.stages) < durationMs) {
    const message = `the stages last ${formatDuration(lengthOf(pace.stages))}, and the load ${formatDuration(durationMs)}`;
    problems.push(
      problem(["duration", "stages"], message, "leave out `duration`: the load lasts as long as its stages"),
    );
  }
  return problems;
}

/** One stage of a constant rate, or those of the file, each from the rate of the one before it. */
function stagesOf({ rate, stages }: PaceFile, durationMs: number): PaceStage[] {
  let fromPerSec = rate ?? DEFAULTS.load.startRate;
  if (!stages) return [{ durationMs, fromPerSec, toPerSec: fromPerSec }];
  return stages.map((stage) => {
    const ramp = { durationMs: milliseconds(stage.duration), fromPerSec, toPerSec: stage.rate };
    fromPerSec = stage.rate;
    return ramp;
  });
}

function lengthOf(stages: readonly PaceStage[]): number {
  return stages.reduce((sum, { durationMs }) => sum + durationMs, 0);
}

function cutOff(stages: readonly PaceStage[], durationMs: number): PaceStage[] {
  let startMs = 0;
  const kept: PaceStage[] = [];
  for (const stage of stages) {
    const left = Math.min(stage.durationMs, durationMs - startMs);
    const { fromPerSec, toPerSec } = stage;
    if (left > 0) {
      const reached =
        left === stage.durationMs ? toPerSec : fromPerSec + ((toPerSec - fromPerSec) * left) / stage.durationMs;
      kept.push({ durationMs: left, fromPerSec, toPerSec: reached });
    }
    startMs += stage.durationMs;
  }
  return kept;
}
