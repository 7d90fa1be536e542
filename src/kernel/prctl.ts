import { libc } from "./libc.js";

/** include/uapi/linux/prctl.h */
export const PR_SET_TIMERSLACK = 29;
export const PR_GET_TIMERSLACK = 30;
export const PR_SET_CHILD_SUBREAPER = 36;

/**
 * prctl(2): what the kernel keeps for this process, or for the thread that calls. -1 when it failed.
 * @throws LibcUnavailableError
 */
export function prctl(option: number, argument: number): number {
  const call = libc().func("int prctl(int option, long a, long b, long c, long d)") as (
    option: number,
    ...rest: [number, number, number, number]
  ) => number;
  return call(option, argument, 0, 0, 0);
}
