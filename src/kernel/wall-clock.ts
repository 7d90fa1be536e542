import { libc } from "./libc.js";
import { Memory } from "./memory.js";

const CLOCK_REALTIME = 0;
const NANOSECONDS = 2;
const TIMESPEC_BYTES = 16;

/** The clock by which the kernel says when a packet came, in milliseconds with fractions since this was made. */
export interface WallClock {
  now(): number;
  of(seconds: number, nanoseconds: number): number;
}

/** @throws LibcUnavailableError */
export function wallClock(): WallClock {
  const read = libc().func("int clock_gettime(int clock, intptr_t time)") as (clock: number, time: number) => number;
  const time = Memory.ofLength(TIMESPEC_BYTES);
  const words = time.words();
  read(CLOCK_REALTIME, time.address);
  const origin = words[0]!;
  const msOf = (seconds: number, nanoseconds: number): number => ((seconds >>> 0) - origin) * 1000 + nanoseconds / 1e6;
  return {
    now() {
      read(CLOCK_REALTIME, time.address);
      return msOf(words[0]!, words[NANOSECONDS]!);
    },
    of: msOf,
  };
}
