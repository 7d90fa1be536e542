/** The thread that reads the gauge on a fixed grid of times, and never returns to its event loop until it is stopped. */
import { parentPort, workerData } from "node:worker_threads";
import { monotonicMs } from "../kernel/clock.js";
import { sleeper } from "../kernel/sleep.js";
import { Gauge } from "./gauge.js";
import { GaugeRing } from "./gauge-ring.js";
import type { FromGaugeThread, GaugeTask } from "./gauge-thread.js";

/** Counters are read this often at the most; between them a gauge is the population in TIME_WAIT alone. */
const COUNTERS_EVERY_MS = 50;
/** It looks this often whether it is to end: a thread that sleeps holds up its process's end. */
const LONGEST_SLEEP_MS = 50;
/**
 * So late a reading may begin, which says itself when it did. On a virtual machine a timer of one's own takes more from
 * the load than the reading; under load the scheduler's tick comes along every 1 to 10 ms anyway.
 */
const SLACK_SHARE = 0.4;
const MOST_SLACK_MS = 4;

const port = parentPort;
if (port === null) throw new Error("this file is the beginning of a thread");
const tell = (message: FromGaugeThread): void => port.postMessage(message, []);
const { everyMs, memory } = workerData as GaugeTask;
const ring = new GaugeRing(memory);
const gauge = new Gauge();
const sleepUntil = sleeper(Math.min(everyMs * SLACK_SHARE, MOST_SLACK_MS));

tell({ type: "ready" });
lookAgainAndAgain(monotonicMs());
gauge.close();

/** On a grid of times. What is missed of it is left out, not made up for: the grid stays, the gap shows. */
function lookAgainAndAgain(startMs: number): void {
  let plannedMs = startMs;
  let countersPlannedMs = startMs;
  while (!ring.stopped) {
    const beganMs = monotonicMs();
    let endedMs = beganMs;
    if (beganMs >= plannedMs) {
      const withCounters = plannedMs + everyMs / 2 >= countersPlannedMs;
      if (withCounters) countersPlannedMs = plannedMs + COUNTERS_EVERY_MS;
      const looked = look(withCounters);
      endedMs = monotonicMs();
      if (looked) leave(beganMs, endedMs - beganMs, beganMs - plannedMs, withCounters);
      plannedMs += (Math.floor((endedMs - plannedMs) / everyMs) + 1) * everyMs;
    }
    sleepUntil(Math.min(plannedMs, endedMs + LONGEST_SLEEP_MS));
  }
}

function look(withCounters: boolean): boolean {
  try {
    gauge.look(withCounters);
    return true;
  } catch (error) {
    tell({ type: "fault", message: (error as Error).message });
    return false;
  }
}

function leave(atMs: number, costMs: number, lateMs: number, withCounters: boolean): void {
  const established = withCounters ? gauge.established : Number.NaN;
  const created = withCounters ? gauge.timeWaitCreated : Number.NaN;
  ring.write(atMs, Math.round(costMs * 1000), lateMs, gauge.timeWait, established, created);
}
