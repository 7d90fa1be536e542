import type { ProbeStep } from "../scenario/phases/types.js";

/** What the conductor and a probe's process say to each other. */

/** By name: flat, as results have them. */
export type Figures = Record<string, number | string | null>;

export interface ToProbe {
  id: number;
  /** `to` is an address by now. */
  step: ProbeStep;
  /** The address of this host that listen and bind take. */
  own: string;
  /** With `flood`: the first of the addresses at which nobody answers. */
  silence: string | null;
}

export type FromProbe =
  | { type: "ready" }
  | { type: "figures"; id: number; figures: Figures }
  /** The step cannot be taken: a fault of the scenario, in one sentence. */
  | { type: "refused"; id: number; message: string }
  /** The step needs more open files than are permitted. */
  | { type: "no-descriptor"; id: number; errno: string }
  /** It cannot go on: no system calls here, or a bug. */
  | { type: "failed"; message: string };

/** A probe as the conductor sees it. */
export interface Probe {
  /**
   * Takes the step once those before it have ended, and gives its figures.
   * @param addresses the address of a host by its name, or of `silence`
   * @throws BenchError `bad-scenario` when the step names a socket that there never was, or that is there already;
   * `open-files-limit`; `probe-died`
   */
  take(step: ProbeStep, addresses: (hostName: string) => string): Promise<Figures>;
}
