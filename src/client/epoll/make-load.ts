import { monotonicMs } from "../../kernel/clock.js";
import { Pacer } from "../pace/pacer.js";
import { Budget } from "./budget.js";
import { ThreadControl } from "./control.js";
import { Dialer } from "./dialer.js";
import { Exchange } from "./exchange.js";
import { Line } from "./line.js";
import type { FromThread, ThreadTask } from "./messages.js";
import { Opening } from "./opening.js";
import { MOST_AT_ONCE, Reactor } from "./reactor.js";
import { requestsFor } from "./requests.js";
import { routesOf } from "./routes.js";
import { Slots } from "./slots.js";
import { Tally } from "./tally.js";

/** The story of one thread. Blocks it from the word to begin until its share of the load is done. */
export function makeLoad(
  { plan, target, thread, threads, control: memory }: ThreadTask,
  post: (message: FromThread) => void,
): void {
  const control = new ThreadControl(memory, thread);
  const slots = new Slots(plan.connections);
  const requests = requestsFor(plan.path, target);
  const dialer = new Dialer(plan.sockets, routesOf(plan.sockets, target), thread);
  post({ type: "ready" });

  const startMs = control.waitForGo();
  const pacer = plan.pace === null ? null : new Pacer(plan.pace, { nth: thread, of: threads });
  const line = pacer === null ? null : new Line(slots.count, pacer, startMs);
  const budget = new Budget(plan.requests, startMs + plan.durationMs);
  if (control.stopped) budget.end(startMs);
  const tally = new Tally(startMs, line !== null, (latencies) => post({ type: "intervals", latencies }));
  const exchange = new Exchange({ plan, slots, requests, budget, tally });
  const opening = new Opening({
    timeoutMs: plan.timeoutMs,
    slots,
    dialer,
    exchange,
    tally,
    mostAtOnce: MOST_AT_ONCE,
  });
  new Reactor({ timeoutMs: plan.timeoutMs, slots, opening, exchange, budget, tally, line, control }).run();

  tally.passTo(monotonicMs());
  post({ type: "done", counts: tally.close() });
}
