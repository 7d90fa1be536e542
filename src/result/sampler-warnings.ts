import type { GaugeSample } from "../sampler/types.js";
import { hostOf, type Measurement } from "./measurement.js";
import { gauges } from "./time-wait.js";
import { type FoundWarning, warning } from "../warnings/table.js";

/** A reading that began later than a whole interval was missed; this share of them makes the timeline uncertain. */
const LATE_SHARE = 0.1;

/** What is less certain because the gauge was read too seldom, or could not be read. */
export function samplerWarnings(measurement: Measurement): FoundWarning[] {
  const warnings: FoundWarning[] = [];
  for (const role of measurement.shared ? (["server"] as const) : (["client", "server"] as const)) {
    const samples = gauges(measurement, role);
    const missed = missedReadings(samples, hostOf(measurement, role).sampling.everyMs);
    const planned = samples.length + missed;
    if (planned > 0 && missed / planned > LATE_SHARE) {
      const worst = Math.max(...samples.map((sample) => sample.lateMs));
      warnings.push(
        warning("sampler-late", {
          host: measurement.shared ? "the host" : `the ${role}`,
          missed,
          planned,
          latestMs: worst,
        }),
      );
    }
  }
  const faults = measurement.samplerFaults;
  if (faults.length > 0) warnings.push(warning("sampler-fault", { failed: faults.length, first: faults[0]! }));
  return warnings;
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
