import { BenchError } from "../errors.js";
import type { Scenario } from "../scenario/types.js";
import { decideIsolation, type Isolation, type WantedIsolation } from "./isolation.js";
import { checkMemory, checkOpenFiles, mostAtOnce } from "./limits.js";
import { requireTools } from "./tools.js";

/**
 * Whether this machine has what the scenario needs.
 * @returns the isolation that it gets
 * @throws BenchError that says what is lacking
 */
export async function meetDemands(scenario: Scenario, wanted: WantedIsolation): Promise<Isolation> {
  for (const variant of scenario.variants) {
    checkOpenFiles(mostAtOnce(variant));
    if (variant.lab.memoryBytes !== null) checkMemory(variant.lab.memoryBytes);
  }
  await requireTools(scenario.needs);
  return isolationFor(scenario, wanted);
}

/** A server outside of any lab can only be reached from outside of any lab. */
async function isolationFor(scenario: Scenario, wanted: WantedIsolation): Promise<Isolation> {
  const external = scenario.variants.some((variant) => variant.server.kind === "external");
  const part = external ? null : partForLabs(scenario);
  if (part !== null) return decideIsolation(wanted === "none" ? refused(part) : "namespace");
  if (!external) return decideIsolation(wanted);
  const lack = new BenchError(
    "isolation-not-permitted",
    "the server is external, on this machine's own loopback, which no lab can reach",
    "Let the scenario start it (server.kind command) for isolated and comparable figures, or use --isolation none.",
  );
  if (wanted === "namespace") throw lack;
  return { isolation: "none", lack: wanted === "auto" ? lack : null };
}

/**
 * What of a scenario the machine itself cannot give: further hosts, cables, addresses that nobody else reaches. Steps cut
 * cables and change settings, and have no business there. null where it has nothing of the kind.
 */
export function partForLabs({ claim, variants }: Pick<Scenario, "claim" | "variants">): string | null {
  if (claim !== null) return "a claim";
  for (const { lab, phases } of variants) {
    if (phases.length > 0) return "steps";
    if (lab.topology !== "loopback" && lab.topology !== "two-hosts") return `\`topology: ${lab.topology}\``;
    if (lab.links !== undefined) return "`lab.links`";
    if (Math.max(lab.addresses.client, lab.addresses.server) > 1) return "`lab.addresses`";
  }
  return null;
}

function refused(part: string): never {
  throw new BenchError(
    "isolation-not-permitted",
    `a scenario with ${part} runs in a lab alone, and --isolation none forbids it`,
    "Leave out --isolation none; where namespaces are not permitted, bench doctor says how to permit them.",
  );
}
