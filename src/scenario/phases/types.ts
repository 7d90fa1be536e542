import type { KINDS, StepKind } from "./kinds.js";
import { SOCKET_KINDS } from "./socket-kinds.js";

export type { SocketOptions } from "./socket-options.js";

/**
 * A variant that does more than one load: steps in the order of the file, each with a name that its figures go by. One
 * after the other, all in the same lab; what they leave behind (TIME_WAIT above all) is there for the next.
 */
export type Phase = { name: string } & Step;

/** What each kind is, and its figures: `host-kinds.ts`, `load-kind.ts`, `socket-kinds.ts`. */
type StepOf<Name extends StepKind> = { do: Name } & NonNullable<ReturnType<(typeof KINDS)[Name]["meant"]>>;
type SteppedBy<Name extends StepKind> = { [Each in Name]: StepOf<Each> }[Name];

export type LoadStep = StepOf<"load">;
export type AwaitStep = StepOf<"await">;
export type SysctlStep = StepOf<"sysctl">;
export type CommandStep = StepOf<"command">;

/** Steps at the same time (`together`, which ends when all have ended) or one by one; figures go by their own names. */
export interface BlockStep {
  do: "together" | "in-turn";
  phases: Phase[];
}

/** What is done with single sockets, by the probe of the host. */
export type SocketStep = SteppedBy<keyof typeof SOCKET_KINDS>;

/** With the ports that the kernel chose in earlier steps. */
export type ProbeStep = WithPorts<SocketStep>;
type WithPorts<Taken> = Taken extends unknown
  ? { [Field in keyof Taken]: Field extends "port" | "from" ? Exclude<Taken[Field], string> : Taken[Field] }
  : never;

export type Step = SteppedBy<Exclude<StepKind, BlockStep["do"]>> | BlockStep;

/** Every step of a variant, those within others too. */
export function allPhases(phases: readonly Phase[]): Phase[] {
  return phases.flatMap((phase) => ("phases" in phase ? [phase, ...allPhases(phase.phases)] : [phase]));
}

export const SOCKET_STEPS = Object.keys(SOCKET_KINDS) as SocketStep["do"][];

/** What steps measured: `<phase>.<figure>`. Names and errnos are texts; null: it could not be told. */
export type Figures = Record<string, number | string | null>;
