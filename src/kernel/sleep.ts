import { monotonicMs } from "./clock.js";
import { libc, LibcUnavailableError } from "./libc.js";
import { Memory } from "./memory.js";
import { prctl, PR_SET_TIMERSLACK } from "./prctl.js";
import { requireLinux } from "./socket.js";

/** include/uapi/linux/time.h: the clock of monotonicMs(). */
const CLOCK_MONOTONIC = 1;
const TIMER_ABSTIME = 1;
/** Two numbers of 64 bits, little end first. */
const TIMESPEC_BYTES = 16;
const NANOSECONDS = 2;

/** Blocks its thread until then on the machine's monotonic clock, or for somewhat less long. */
export type SleepUntil = (atMs: number) => void;

/**
 * For a thread that sleeps often: to be woken by the kernel alone takes half the CPU time of Atomics.wait(). `slackMs`:
 * how late it may be woken, so that the kernel can do it along with something else that it wakes up for.
 */
export function sleeper(slackMs: number): SleepUntil {
  try {
    return kernelSleeper(slackMs);
  } catch (error) {
    if (!(error instanceof LibcUnavailableError)) throw error;
    return plainSleeper();
  }
}

/** @throws LibcUnavailableError */
function kernelSleeper(slackMs: number): SleepUntil {
  requireLinux();
  // Of this thread alone. Where it fails, it is woken on time, and that is all.
  prctl(PR_SET_TIMERSLACK, Math.round(slackMs * 1e6));
  const prototype = "int clock_nanosleep(int clock, int flags, intptr_t until, intptr_t left)";
  const nanosleep = libc().func(prototype) as (clock: number, flags: number, until: number, left: number) => number;
  const until = Memory.ofLength(TIMESPEC_BYTES);
  const words = until.words();
  return (atMs) => {
    const seconds = Math.floor(atMs / 1000);
    words[0] = seconds;
    words[NANOSECONDS] = (atMs - seconds * 1000) * 1e6;
    nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, until.address, 0);
  };
}

/** Where no system call can be made. */
export function plainSleeper(): SleepUntil {
  const never = new Int32Array(new SharedArrayBuffer(4));
  return (atMs) => void Atomics.wait(never, 0, 0, Math.max(0, atMs - monotonicMs()));
}
