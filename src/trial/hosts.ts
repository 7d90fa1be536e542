import type { Host, Lab } from "../lab/types.js";

/** Every host of the lab, each once. */
export function allHosts(lab: Lab): Host[] {
  return [...new Set(lab.all.values())];
}
