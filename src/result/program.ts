import type { Measurement } from "./measurement.js";
import { kernelOpened } from "./time-wait.js";

/**
 * A program does not count its connections: its kernel does, where no stranger shares it, and the server where it is one of
 * ours. Where neither can, they are those that the tables show.
 */
export function countedByKernel(measurement: Measurement): Measurement {
  const { report, serverCount, isolation, shared } = measurement;
  if (report.program === undefined) return measurement;
  const kernel = isolation === "namespace" && !shared ? kernelOpened(measurement) : null;
  const opened = kernel ?? serverCount?.connections ?? kernelOpened(measurement) ?? 0;
  return { ...measurement, report: { ...report, connections: { ...report.connections, opened } } };
}
