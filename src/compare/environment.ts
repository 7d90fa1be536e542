import { gibibytes } from "../text/figures.js";
import type { Environment } from "../result/types.js";
import { sayCompared as say } from "../words/comparison.js";

/** Firmware and a hypervisor's balloon take a little more or less of the same memory. */
const MEMORY_PART = 0.05;

/**
 * What of two environments differs that timing depends on, in words. Empty: one machine, as far as can be known. The
 * isolation is among it, for without a lab other programs' traffic is in the figures.
 */
export function differencesOf(base: Environment, head: Environment): string[] {
  const differs = (what: string, b: string | number, h: string | number): string[] =>
    b === h ? [] : [say("differs", { what, head: h, base: b })];
  const otherMemory = Math.abs(head.memoryBytes - base.memoryBytes) > MEMORY_PART * base.memoryBytes;
  const memory = (of: Environment): string => (otherMemory ? gibibytes(of.memoryBytes) : "");
  return [
    ...differs(say("kernel"), base.kernel, head.kernel),
    ...differs(say("cpu"), base.cpu, head.cpu),
    ...differs(say("cores"), base.cores, head.cores),
    ...differs(say("memory"), memory(base), memory(head)),
    ...differs("Node", base.node, head.node),
    ...differs(say("platform"), base.platform, head.platform),
    ...differs(say("isolation"), base.isolation, head.isolation),
  ];
}
