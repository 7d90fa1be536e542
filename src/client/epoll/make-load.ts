import { monotonicMs } from "../../kernel/clock.js";
import { Budget } from "./budget.js";
import { ThreadControl } from "./control.js";
import { Dialer } from "./dialer.js";
import { Exchange } from "./exchange.js";
import type { FromThread, ThreadTask } from "./messages.js";
import { Opening } from "./opening.js";
import { MOST_AT_ONCE, Reactor } from "./reactor.js";
import { Requests } from "./requests.js";
import { routesOf } from "./routes.js";
import { Slots } from "./slots.js";
import { type OnIntervals, LoadTally, type LoadCounts } from "../books/tally.js";
import { turnsOf } from "../pace/make-turns.js";
import { warmUpPlan } from "../pace/warm-up.js";

/** The story of one thread. Blocks it from the word to begin until its share of the load is done. */
export function makeLoad(task: ThreadTask, post: (message: FromThread) => void): void {
  const { plan } = task;
  const control = new ThreadControl(task.control, task.thread);
  const sockets = socketsOf(task);
  post({ type: "ready" });

  // The kernel's calls, and our code around them, are quick only once they have been made some thousand times.
  if ((plan.warmupMs ?? 0) > 0) {
    const ownSlots = { ...sockets, slots: new Slots(plan.connections) };
    oneLoad({ ...task, plan: warmUpPlan(plan) }, ownSlots, control, () => {});
    post({ type: "warm" });
  }
  const counts = oneLoad(task, sockets, control, (latencies) => post({ type: "intervals", latencies }));
  post({ type: "done", counts });
}

interface Sockets {
  slots: Slots;
  requests: Requests;
  dialer: Dialer;
}

/** All that takes time to make. Slots serve for one load, the others for any number. */
function socketsOf({ plan, target, thread }: ThreadTask): Sockets {
  return {
    slots: new Slots(plan.connections),
    requests: new Requests(plan, target),
    dialer: new Dialer(plan.sockets, routesOf(plan.sockets, target), thread),
  };
}

function oneLoad(
  { plan, thread, threads }: ThreadTask,
  { slots, requests, dialer }: Sockets,
  control: ThreadControl,
  onIntervals: OnIntervals,
): LoadCounts {
  const startMs = control.waitForGo();
  const turns = turnsOf(plan, slots.count, startMs, { nth: thread, of: threads });
  const budget = new Budget(plan.requests, startMs + plan.durationMs);
  if (control.stopped) budget.end(startMs);
  const tally = new LoadTally(startMs, plan.pace !== null, onIntervals);
  const exchange = new Exchange({ plan, slots, requests, budget, tally });
  const opening = new Opening({
    timeoutMs: plan.timeoutMs,
    slots,
    dialer,
    exchange,
    tally,
    mostAtOnce: MOST_AT_ONCE,
  });
  new Reactor({ timeoutMs: plan.timeoutMs, slots, opening, exchange, budget, tally, turns, control }).run();
  tally.passTo(monotonicMs());
  return tally.close();
}
