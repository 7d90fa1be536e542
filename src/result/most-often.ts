import type { Metrics } from "./types.js";

/** Who ended most of the connections; null when none ended. */
export function mostOften(shares: Metrics["closedFirst"]): string | null {
  if (shares === null) return null;
  return Object.entries(shares).reduce((most, entry) => (entry[1] > most[1] ? entry : most))[0];
}
