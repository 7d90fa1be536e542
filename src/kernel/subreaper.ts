import { libc } from "./libc.js";

/** include/uapi/linux/prctl.h */
const PR_SET_CHILD_SUBREAPER = 36;

/**
 * From now on, whatever descends from this process becomes its child when its own parent ends, instead of init's: a
 * program that turns itself into a daemon stays in sight (prctl(2)). @returns false where there is no such thing
 */
export function adoptOrphans(): boolean {
  try {
    const prctl = libc().func("int prctl(int option, long a, long b, long c, long d)") as (
      option: number,
      ...rest: [number, number, number, number]
    ) => number;
    return prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) === 0;
  } catch {
    return false;
  }
}
