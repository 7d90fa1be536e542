import type { GaugeSample } from "../sampler/types.js";
import { hostOf, type Measurement } from "./measurement.js";
import { gauges } from "./time-wait.js";
import type { Warning } from "./types.js";

/** A reading that began later than a whole interval was missed; this share of them makes the timeline doubtful. */
const LATE_SHARE = 0.1;

/** What to doubt because the gauge was read too seldom, or could not be read. */
export function samplerDoubts(measurement: Measurement): Pick<Warning, "code" | "message">[] {
  const doubts: Pick<Warning, "code" | "message">[] = [];
  for (const role of measurement.shared ? (["server"] as const) : (["client", "server"] as const)) {
    const samples = gauges(measurement, role);
    const missed = missedReadings(samples, hostOf(measurement, role).sampling.everyMs);
    const planned = samples.length + missed;
    if (planned > 0 && missed / planned > LATE_SHARE) {
      const worst = Math.max(...samples.map((sample) => sample.lateMs));
      doubts.push({
        code: "sampler-late",
        message: `the sampler on the ${measurement.shared ? "host" : role} missed ${missed} of ${planned} readings (latest by ${Math.round(worst)} ms): its peaks may be higher than seen`,
      });
    }
  }
  const faults = measurement.samplerFaults;
  if (faults.length > 0)
    doubts.push({ code: "sampler-fault", message: `${faults.length} readings failed, the first with: ${faults[0]}` });
  return doubts;
}

/** Readings of the planned grid that never came, by the gaps between those that did. */
function missedReadings(samples: readonly GaugeSample[], everyMs: number): number {
  let missed = 0;
  for (let at = 1; at < samples.length; at++) {
    const gap = samples[at]!.atMs - samples[at - 1]!.atMs;
    missed += Math.max(0, Math.round(gap / everyMs) - 1);
  }
  return missed;
}
