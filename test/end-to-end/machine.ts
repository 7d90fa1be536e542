import { readdirSync, readFileSync } from "node:fs";

const SYSCTL_FOLDERS = ["/proc/sys/net/ipv4", "/proc/sys/net/core"];
/** Set by the kernel from moment to moment. */
const RESTLESS = new Set(["tcp_mem", "udp_mem", "tcp_challenge_ack_limit", "tcp_available_ulp"]);

/** What a run must leave as it was: this machine's own sysctls and links. */
export function machineState(): { sysctls: Record<string, string>; links: string[] } {
  const sysctls: Record<string, string> = {};
  for (const folder of SYSCTL_FOLDERS)
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      if (!entry.isFile() || RESTLESS.has(entry.name)) continue;
      try {
        sysctls[`${folder}/${entry.name}`] = readFileSync(`${folder}/${entry.name}`, "latin1");
      } catch {
        // Some may only be written.
      }
    }
  const links = readFileSync("/proc/net/dev", "latin1").match(/^\s*[^\s:]+(?=:)/gmu) ?? [];
  return { sysctls, links: links.map((link) => link.trim()).toSorted() };
}

/** This machine's own population in TIME_WAIT. */
export function ownTimeWait(): number {
  return Number(/^TCP:.* tw (\d+)/mu.exec(readFileSync("/proc/net/sockstat", "latin1"))?.[1]);
}
