import { prctl, PR_SET_CHILD_SUBREAPER } from "./prctl.js";

/**
 * From now on, whatever descends from this process becomes its child when its own parent ends, instead of init's: a
 * program that turns itself into a daemon stays in sight (prctl(2)). @returns false where there is no such thing
 */
export function adoptOrphans(): boolean {
  try {
    return prctl(PR_SET_CHILD_SUBREAPER, 1) === 0;
  } catch {
    return false;
  }
}
