import { allPhases } from "../scenario/phases/types.js";
import type { Variant } from "../scenario/types.js";
import type { KernelView, MeasuredTrial } from "./types.js";

/**
 * The trial without the settings that a step of it wrote: they were read before the first step, and are not what held when
 * something was counted.
 */
export function withSettingsThatHeld<Trial extends MeasuredTrial>(trial: Trial, { lab, phases }: Variant): Trial {
  const written = allPhases(phases).flatMap((step) => (step.do === "sysctl" && step.value !== null ? [step] : []));
  if (written.length === 0) return trial;
  const held = (host: string, kernel: KernelView): KernelView => {
    // On one host the roles share their settings.
    const keys = written.filter(({ on }) => on === host || lab.topology === "loopback").map(({ key }) => key);
    const sysctls = Object.entries(kernel.sysctls).filter(([key]) => !keys.includes(key));
    return { ...kernel, sysctls: Object.fromEntries(sysctls) };
  };
  const { client, server } = trial.kernel;
  const kernel = { client: client && held("client", client), server: server && held("server", server) };
  const others = Object.entries(trial.otherKernels ?? {}).map(([host, view]) => [host, held(host, view)]);
  const otherKernels = Object.fromEntries(others) as Record<string, KernelView>;
  return { ...trial, kernel, ...(trial.otherKernels === undefined ? {} : { otherKernels }) };
}
