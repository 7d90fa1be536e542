import { gibibytes } from "../text/figures.js";
import type { Environment } from "../result/types.js";

/** Firmware and a hypervisor's balloon take a little more or less of the same memory. */
const MEMORY_PART = 0.05;

/**
 * What of two environments differs that timing depends on, in words. Empty: one machine, as far as can be known. The
 * isolation is among it, for without a lab other programs' traffic is in the figures.
 */
export function differencesOf(base: Environment, head: Environment): string[] {
  const differs = (name: string, b: string | number, h: string | number): string[] =>
    b === h ? [] : [`${name} ${h}, base ${b}`];
  const memory = Math.abs(head.memoryBytes - base.memoryBytes) > MEMORY_PART * base.memoryBytes;
  return [
    ...differs("kernel", base.kernel, head.kernel),
    ...differs("cpu", base.cpu, head.cpu),
    ...differs("cores", base.cores, head.cores),
    ...(memory ? [`memory ${gibibytes(head.memoryBytes)}, base ${gibibytes(base.memoryBytes)}`] : []),
    ...differs("Node", base.node, head.node),
    ...differs("platform", base.platform, head.platform),
    ...differs("isolation", base.isolation, head.isolation),
  ];
}
