import type { LoadPlan } from "../../scenario/types.js";
import { askedOf, InTurn } from "../http/asked.js";
import { libraryName } from "../library-name.js";
import { driveSlots } from "../pace/slots.js";
import { TurnLoop } from "../pace/turn-loop.js";
import { turnsOf } from "../pace/make-turns.js";
import type { LoadClient, LoadRecorder, LoadTarget } from "../types.js";
import { UndiciSlot } from "./slot.js";

/** A request may last by a twentieth longer than its timeout, but requests are not looked through all the time. */
const SWEEPS_PER_TIMEOUT = 20;
const SHORTEST_SWEEP_MS = 5;
const LONGEST_SWEEP_MS = 100;

/** `connections` slots over undici, each with one request at a time: a closed loop, with pauses or without, or an open one with a pace. */
export const undiciClient: LoadClient = {
  name: libraryName("undici"),

  async run(plan: LoadPlan, target: LoadTarget, recorder: LoadRecorder, signal: AbortSignal): Promise<void> {
    const deadlineMs = recorder.now() + plan.durationMs;
    const mayStart = (): boolean => !signal.aborted && !recorder.exhausted && recorder.now() < deadlineMs;
    const { durationMs } = plan;
    const now = (): number => recorder.now();
    const turns = turnsOf(plan, plan.connections, now());
    const loop = turns === null ? null : new TurnLoop({ turns, now, mayStart, durationMs });
    const asked = askedOf(plan);
    const parts = { plan, target, recorder, mayStart, loop, asked, paths: new InTurn(asked.paths) };
    const slots = Array.from({ length: plan.connections }, () => new UndiciSlot(parts));
    const sweepMs = Math.min(LONGEST_SWEEP_MS, Math.max(SHORTEST_SWEEP_MS, plan.timeoutMs / SWEEPS_PER_TIMEOUT));
    const sweep = setInterval(() => {
      const nowMs = recorder.now();
      for (const slot of slots) slot.checkTimeout(nowMs);
    }, sweepMs);
    try {
      await driveSlots(slots, plan, signal);
    } finally {
      clearInterval(sweep);
    }
    // What the number of requests has ended has left nothing out.
    if (loop !== null && !recorder.exhausted) recorder.unsent(loop.countUnsent(signal.aborted));
  },
};
