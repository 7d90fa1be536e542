import { readFileSync, writeFileSync } from "node:fs";

/**
 * Who is who in a lab's user namespace (user_namespaces(7)). With root all ids are what they are outside, so that programs
 * change to accounts of their own, and give files to them. A user is root there, for that is what makes hosts; his
 * programs are led back to his own id.
 */

const ROOT = 0;

/** Maps the ids of a process that lives in a new user namespace. @throws the errno's error where that is not permitted */
export function mapIds(pid: number): void {
  const [user, group] = [process.geteuid!(), process.getegid!()];
  if (user === ROOT && mapAllIds(pid)) return;
  writeFileSync(`/proc/${pid}/uid_map`, `${ROOT} ${user} 1`);
  // Whoever may not give himself any group may not leave one either.
  writeFileSync(`/proc/${pid}/setgroups`, "deny");
  writeFileSync(`/proc/${pid}/gid_map`, `${ROOT} ${group} 1`);
}

/** @returns false where this root may not: in a container that has taken CAP_SETUID or CAP_SETFCAP from it */
function mapAllIds(pid: number): boolean {
  try {
    for (const map of ["uid_map", "gid_map"])
      writeFileSync(`/proc/${pid}/${map}`, asThemselves(readFileSync(`/proc/self/${map}`, "latin1")));
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EPERM") throw error;
    return false;
  }
}

/** The ids that are mapped here, each to itself. @param map lines of: first id here, first id outside, how many */
export function asThemselves(map: string): string {
  return map
    .split("\n")
    .map((line) => line.trim().split(/\s+/u))
    .filter(([first = ""]) => first !== "")
    .map(([first, , count]) => `${first} ${first} ${count}\n`)
    .join("");
}

/** What to put before a program in a lab so that it is this user's again; nothing for root, who is root there too. */
export function intoUser(): string[] {
  const [user, group] = [process.geteuid!(), process.getegid!()];
  return user === ROOT ? [] : ["unshare", "--user", `--map-user=${user}`, `--map-group=${group}`, "--"];
}
