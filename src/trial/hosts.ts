import type { Host, Lab } from "../lab/types.js";

/** After a load, connections get so long to finish closing before they are counted. */
export const SETTLE_MS = 1_000;

/** Those that play the roles; each once. */
export function hostsOf(lab: Lab): Host[] {
  return lab.shared ? [lab.hosts.client] : [lab.hosts.client, lab.hosts.server];
}

/** Those that play neither role too; each once. */
export function allHosts(lab: Lab): Host[] {
  return [...new Set(lab.all.values())];
}
